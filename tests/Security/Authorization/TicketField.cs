using System.Collections;
using System.Reflection;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Wharf.Protocol.Grpc;

namespace Wharf.Security.Authorization;

/// <summary>A field of a request that can carry a ticket or a name: any text and any bytes, at any depth.</summary>
/// <param name="Method">The RPC.</param>
/// <param name="Path">The fields from the request to this one.</param>
internal sealed record TicketField(MethodDescriptor Method, IReadOnlyList<FieldDescriptor> Path)
{
    /// <summary>Every RPC of every service whose messages are in the room <c>Protocol.Grpc</c>.</summary>
    public static IReadOnlyList<MethodDescriptor> Methods { get; } =
    [
        .. typeof(SessionReflection).Assembly.GetTypes()
            .Select(static type => type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static))
            .Where(static property => property?.PropertyType == typeof(FileDescriptor))
            .SelectMany(static property => ((FileDescriptor)property!.GetValue(null)!).Services)
            .SelectMany(static service => service.Methods),
    ];

    private FieldDescriptor Leaf => Path[^1];

    /// <summary>The fields of one RPC.</summary>
    public static IEnumerable<TicketField> Of(MethodDescriptor method) => Leaves(method.InputType, []).Select(path => new TicketField(method, path));

    public override string ToString() => $"{Method.Service.Name}/{Method.Name} {string.Join('.', Path.Select(static field => field.Name))}";

    /// <summary>A request that is complete but for this field, which has the marker.</summary>
    public IMessage Build(Marker marker, RequestDefaults defaults)
    {
        var request = defaults.Fill(Method.InputType, Path);
        var message = request;
        for (int depth = 0; depth < Path.Count - 1; depth++)
        {
            if (!Path[depth].IsMap)
                message = Enter(message, Path[depth], defaults);
            else if (depth + 2 == Path.Count)
                return PutIntoMap(request, message, Path[depth], marker);
            else
                message = EnterMap(message, Path[depth], Path[++depth], defaults);
        }

        Set(message, marker);
        return request;
    }

    private static IEnumerable<IReadOnlyList<FieldDescriptor>> Leaves(MessageDescriptor message, IReadOnlyList<FieldDescriptor> path)
    {
        foreach (var field in message.Fields.InFieldNumberOrder())
        {
            if (field.FieldType is FieldType.String or FieldType.Bytes)
                yield return [.. path, field];
            else if (field.FieldType == FieldType.Message && path.All(outer => outer.ContainingType != field.MessageType) && field.MessageType != message)
                foreach (var leaf in Leaves(field.MessageType, [.. path, field]))
                    yield return leaf;
        }
    }

    private IMessage Enter(IMessage message, FieldDescriptor field, RequestDefaults defaults)
    {
        var inner = defaults.Fill(field.MessageType, Path);
        if (field.IsRepeated)
            ((IList)field.Accessor.GetValue(message)).Add(inner);
        else
            field.Accessor.SetValue(message, inner);
        return inner;
    }

    private IMessage EnterMap(IMessage message, FieldDescriptor map, FieldDescriptor value, RequestDefaults defaults)
    {
        var inner = defaults.Fill(value.MessageType, Path);
        ((IDictionary)map.Accessor.GetValue(message)).Add("key", inner);
        return inner;
    }

    // The last field of the path is the key or the value.
    private IMessage PutIntoMap(IMessage request, IMessage message, FieldDescriptor map, Marker marker)
    {
        bool isKey = Leaf.FieldNumber == 1;
        var value = map.MessageType.FindFieldByNumber(2);
        object content = value.FieldType switch
        {
            FieldType.Message => value.MessageType.Parser.ParseFrom(ByteString.Empty),
            FieldType.Bytes => isKey ? ByteString.Empty : marker.Bytes,
            FieldType.String => isKey ? "" : marker.Name,
            var other => throw new NotSupportedException($"{this} is a map of {other}: add a value for it here"),
        };
        ((IDictionary)map.Accessor.GetValue(message)).Add(isKey ? marker.Name : "key", content);
        return request;
    }

    private void Set(IMessage message, Marker marker)
    {
        if (Leaf.IsRepeated && Leaf.FieldType == FieldType.String)
        {
            foreach (var element in Leaf.Name == "path" ? marker.Path : [marker.Name])
                ((IList)Leaf.Accessor.GetValue(message)).Add(element);
        }
        else if (Leaf.IsRepeated)
        {
            ((IList)Leaf.Accessor.GetValue(message)).Add(marker.Bytes);
        }
        else
        {
            Leaf.Accessor.SetValue(message, Leaf.FieldType == FieldType.String ? marker.Name : marker.Bytes);
        }
    }
}

using System.Globalization;
using Google.Protobuf.Reflection;
using Wharf.Protocol.Grpc;
using Wharf.Protocol.Grpc.Console;
using Wharf.Protocol.Grpc.Flight;
using Wharf.Protocol.Grpc.Flight.Browser;

namespace Wharf.Protocol.Tests;

/// <summary>
/// Names, numbers and types are what other people's clients were built against. wire.txt has them as they were read off the protocol itself; a change of
/// a .proto file that changes them has to change that file too, and so be seen.
/// </summary>
public sealed class WireContract
{
    private static readonly FileDescriptor[] Files =
    [
        ApplicationReflection.Descriptor, BrowserflightReflection.Descriptor, ConfigReflection.Descriptor, ConsoleReflection.Descriptor,
        FlightReflection.Descriptor,
        HierarchicaltableReflection.Descriptor, InputtableReflection.Descriptor, ObjectReflection.Descriptor, PartitionedtableReflection.Descriptor,
        SessionReflection.Descriptor, StorageReflection.Descriptor, TableReflection.Descriptor, TicketReflection.Descriptor,
    ];

    [Fact]
    public void Services_messages_and_enums_are_those_of_the_protocol()
    {
        var actual = string.Join('\n', Files.SelectMany(Describe).Order(StringComparer.Ordinal)) + "\n";
        var recorded = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "wire.txt"));
        Assert.Equal(recorded, actual, ignoreLineEndingDifferences: true);
    }

    private static IEnumerable<string> Describe(FileDescriptor file) =>
    [
        .. file.Services.SelectMany(service => service.Methods, (service, method) =>
            $"{service.FullName}/{method.Name}: {Stream(method.IsClientStreaming)}{method.InputType.FullName} -> {Stream(method.IsServerStreaming)}{method.OutputType.FullName}"),
        .. file.MessageTypes.SelectMany(Describe),
        .. file.EnumTypes.Select(Describe),
    ];

    private static IEnumerable<string> Describe(MessageDescriptor message) =>
    [
        message.FullName,
        .. message.Fields.InDeclarationOrder().Select(Describe),
        .. message.NestedTypes.Where(nested => !nested.IsMapEntry).SelectMany(Describe),
        .. message.EnumTypes.Select(Describe),
    ];

    private static string Describe(FieldDescriptor field) => string.Create(
        CultureInfo.InvariantCulture,
        $"{field.FullName} = {field.FieldNumber} {Label(field)}{Type(field)}{(field.RealContainingOneof is { } oneof ? $" in {oneof.Name}" : "")}");

    private static string Describe(EnumDescriptor values) =>
        $"{values.FullName}: {string.Join(", ", values.Values.Select(value => string.Create(CultureInfo.InvariantCulture, $"{value.Name}={value.Number}")))}";

    private static string Label(FieldDescriptor field) => field.IsMap ? "" : field.IsRepeated ? "repeated " : field is { HasPresence: true, ContainingOneof: not null, RealContainingOneof: null } ? "optional " : "";

    private static string Type(FieldDescriptor field) =>
        field.IsMap ? $"map<{Type(field.MessageType.FindFieldByNumber(1))}, {Type(field.MessageType.FindFieldByNumber(2))}>"
        : field.FieldType switch
        {
            FieldType.Message => field.MessageType.FullName,
            FieldType.Enum => field.EnumType.FullName,
            var scalar => scalar.ToString().ToLowerInvariant(),
        };

    private static string Stream(bool streams) => streams ? "stream " : "";
}

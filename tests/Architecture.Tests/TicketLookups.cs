using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Wharf.Architecture.Tests;

/// <summary>Finds the types of an assembly that call methods of other assemblies, read off its intermediate language.</summary>
internal static class TicketLookups
{
    private const byte Call = 0x28;
    private const byte CallVirtual = 0x6F;
    private const byte LoadFunction = 0x06;
    private const byte TwoByteCode = 0xFE;

    /// <summary>The callers of the members of some types.</summary>
    /// <param name="assembly">The file of the assembly.</param>
    /// <param name="types">The names of the types whose members are called.</param>
    /// <returns>The outermost calling type, and the called member as <c>Type.Member</c>.</returns>
    public static IReadOnlySet<(string Caller, string Member)> Find(string assembly, IReadOnlySet<string> types)
    {
        using var file = File.OpenRead(assembly);
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        var members = Members(metadata, types);
        var found = new HashSet<(string, string)>();
        foreach (var handle in metadata.MethodDefinitions)
        {
            var method = metadata.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress == 0)
                continue;
            var body = image.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!;
            for (int at = 0; at + 5 <= body.Length; at++)
            {
                if (IsCall(body, at) && members.TryGetValue(BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(at + 1)), out var member))
                    found.Add((Outermost(metadata, method.GetDeclaringType()), member));
            }
        }

        return found;
    }

    // The operand of a call is searched at each position, so that opcodes need not be decoded: four bytes that happen to be such a token are as good as impossible.
    private static bool IsCall(byte[] body, int at) => body[at] is Call or CallVirtual || (body[at] == LoadFunction && at > 0 && body[at - 1] == TwoByteCode);

    private static Dictionary<int, string> Members(MetadataReader metadata, IReadOnlySet<string> types)
    {
        var members = new Dictionary<int, string>();
        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (member.Parent.Kind != HandleKind.TypeReference)
                continue;
            var type = metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name);
            if (types.Contains(type))
                members.Add(MetadataTokens.GetToken(handle), $"{type}.{metadata.GetString(member.Name)}");
        }

        return members;
    }

    private static string Outermost(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        return type.GetDeclaringType() is { IsNil: false } outer ? Outermost(metadata, outer) : metadata.GetString(type.Name);
    }
}

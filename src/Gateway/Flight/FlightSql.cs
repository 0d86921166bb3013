using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Wharf.Gateway.Hosting;
using Wharf.Grains;

namespace Wharf.Gateway.Flight;

/// <summary>Recognizes Flight SQL, which is not served: its commands and tickets are packed messages of one package.</summary>
internal static class FlightSql
{
    private const string Package = "arrow.flight.protocol.sql.";

    // The tag of the type's name. No ticket of the protocol begins with it.
    private const byte FirstByte = 0x0A;

    /// <summary>Reads the name of a Flight SQL message.</summary>
    /// <param name="bytes">The command of a descriptor, or a ticket.</param>
    /// <param name="name">The name of the message without its package.</param>
    /// <returns>False for everything else.</returns>
    public static bool TryReadName(ByteString bytes, [NotNullWhen(true)] out string? name)
    {
        name = null;
        if (bytes.IsEmpty || bytes[0] != FirstByte)
            return false;
        try
        {
            var type = Any.GetTypeName(Any.Parser.ParseFrom(bytes).TypeUrl);
            if (type.StartsWith(Package, StringComparison.Ordinal))
                name = type[Package.Length..];
        }
        catch (InvalidProtocolBufferException)
        {
            // Other bytes that happen to begin alike.
        }

        return name is not null;
    }

    /// <summary>The answer to such a message.</summary>
    public static FaultException Refuse(string name) => new(FaultCode.Unimplemented, UnservedCalls.ExplainSql(name));
}

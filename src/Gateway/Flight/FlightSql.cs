using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Wharf.Gateway.Hosting;
using Wharf.Grains;

namespace Wharf.Gateway.Flight;

/// <summary>Recognizes commands and tickets of Flight SQL, which is not served. They are packed messages of one protobuf package.</summary>
internal static class FlightSql
{
    private const string Package = "arrow.flight.protocol.sql.";

    // The protobuf tag of the type name. No ticket of the protocol starts with it.
    private const byte FirstByte = 0x0A;

    /// <summary>Reads the name of a Flight SQL message.</summary>
    /// <param name="bytes">The command of a descriptor, or a ticket.</param>
    /// <param name="name">The name of the message without its package.</param>
    /// <returns>True if the bytes are a message of Flight SQL.</returns>
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
            // Other bytes can start with the same tag.
        }

        return name is not null;
    }

    /// <summary>Creates the error for a Flight SQL message.</summary>
    public static FaultException Refuse(string name) => new(FaultCode.Unimplemented, UnservedCalls.ExplainSql(name));
}

using Google.Protobuf;
using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>The credentials of a Flight handshake: either a name with a password, or a scheme with its payload.</summary>
internal sealed record HandshakePayload(string Scheme, ReadOnlyMemory<byte> Payload)
{
    private const int UserField = 2;
    private const int PasswordField = 3;
    private const int TypeField = 4;
    private const int PayloadField = 5;

    /// <summary>Parses the bytes. Returns null if they have neither form.</summary>
    public static HandshakePayload? Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return ReadBasic(bytes) ?? ReadWrapped(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    // Requires exactly one name and one password and no other field; any other message is ambiguous.
    private static HandshakePayload? ReadBasic(ReadOnlyMemory<byte> bytes)
    {
        var input = new CodedInputStream(bytes.ToArray());
        string? user = null, password = null;
        while (input.ReadTag() is var tag and not 0)
        {
            if (tag == WireFormat.MakeTag(UserField, WireFormat.WireType.LengthDelimited) && user is null)
                user = input.ReadString();
            else if (tag == WireFormat.MakeTag(PasswordField, WireFormat.WireType.LengthDelimited) && password is null)
                password = input.ReadString();
            else
                return null;
        }
        return user is null || password is null ? null : new HandshakePayload(LoginSchemes.Basic, BasicHandler.Encode(user, password));
    }

    private static HandshakePayload? ReadWrapped(ReadOnlyMemory<byte> bytes)
    {
        var input = new CodedInputStream(bytes.ToArray());
        string? type = null;
        ReadOnlyMemory<byte> payload = default;
        while (input.ReadTag() is var tag and not 0)
        {
            if (tag == WireFormat.MakeTag(TypeField, WireFormat.WireType.LengthDelimited))
                type = input.ReadString();
            else if (tag == WireFormat.MakeTag(PayloadField, WireFormat.WireType.LengthDelimited))
                payload = input.ReadBytes().Memory;
            else
                input.SkipLastField();
        }
        if (string.IsNullOrEmpty(type))
            return null;
        // Unlike in a header, the payload may be plain text. Base64 has no colon, so a colon identifies plain text.
        return type == LoginSchemes.Basic && payload.Span.Contains((byte)':')
            ? new HandshakePayload(type, System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(payload.Span)))
            : new HandshakePayload(type, payload);
    }
}

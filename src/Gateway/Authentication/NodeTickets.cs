using Grpc.Core;
using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>Writes and reads the tickets by which nodes read and store each other's tables. A node's ticket replaces a session.</summary>
internal sealed class NodeTickets(NodeTicketSigner signer, TimeProvider time)
{
    /// <summary>The header of a ticket, for calls that are admitted before their first message is read.</summary>
    public const string Header = "wharf-node-bin";

    // No object id has this prefix.
    private const string StorePrefix = "store/";

    /// <summary>Tolerates clocks that differ, and limits the time in which a copied ticket can be used.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    /// <summary>Creates a ticket to read a table.</summary>
    public byte[] WriteRead(string objectId) => Write(objectId);

    /// <summary>Creates a ticket to store a table for a holder.</summary>
    public byte[] WriteStore(string holder) => Write(StorePrefix + holder);

    /// <summary>Verifies a ticket of another node. Returns null if it is invalid or expired.</summary>
    public NodeCall? Read(ReadOnlySpan<byte> ticket) =>
        !signer.TryVerify(ticket, out var text, out var deadline) || deadline <= time.GetUtcNow().ToUnixTimeMilliseconds() ? null
        : text.StartsWith(StorePrefix, StringComparison.Ordinal) ? new NodeCall(ObjectId: null, Holder: text[StorePrefix.Length..])
        : new NodeCall(text, Holder: null);

    private byte[] Write(string text) => signer.Sign(text, (time.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds());
}

/// <summary>A call of another node.</summary>
/// <param name="ObjectId">The table that it reads, or null.</param>
/// <param name="Holder">The holder of the table that it stores, or null.</param>
internal sealed record NodeCall(string? ObjectId, string? Holder)
{
    /// <summary>Returns the node's call, or null if the caller is a client.</summary>
    public static NodeCall? Of(ServerCallContext context) => context.GetHttpContext().Features.Get<NodeCall>();
}

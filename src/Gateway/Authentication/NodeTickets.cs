using Grpc.Core;
using Wharf.Protocol;

namespace Wharf.Gateway.Authentication;

/// <summary>The tickets by which nodes read and store each other's tables, as this gateway writes and reads them. They stand in the place of a session.</summary>
internal sealed class NodeTickets(NodeTicketSigner signer, TimeProvider time)
{
    /// <summary>The header that brings a ticket with a call whose first message comes too late for it.</summary>
    public const string Header = "wharf-node-bin";

    // No object id begins like this.
    private const string StorePrefix = "store/";

    /// <summary>Long enough for clocks that differ, short enough to be of no use to anybody later.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    /// <summary>Makes a ticket to read a table.</summary>
    public byte[] WriteRead(string objectId) => Write(objectId);

    /// <summary>Makes a ticket to store a table for someone.</summary>
    public byte[] WriteStore(string holder) => Write(StorePrefix + holder);

    /// <summary>Reads a ticket that another node made a moment ago.</summary>
    public NodeCall? Read(ReadOnlySpan<byte> ticket) =>
        !signer.TryVerify(ticket, out var text, out var deadline) || deadline <= time.GetUtcNow().ToUnixTimeMilliseconds() ? null
        : text.StartsWith(StorePrefix, StringComparison.Ordinal) ? new NodeCall(ObjectId: null, Holder: text[StorePrefix.Length..])
        : new NodeCall(text, Holder: null);

    private byte[] Write(string text) => signer.Sign(text, (time.GetUtcNow() + Life).ToUnixTimeMilliseconds());
}

/// <summary>A call that another node makes for itself.</summary>
/// <param name="ObjectId">The table that it reads.</param>
/// <param name="Holder">Who is to hold the table that it stores.</param>
internal sealed record NodeCall(string? ObjectId, string? Holder)
{
    /// <summary>The call as such, or null when a client makes it.</summary>
    public static NodeCall? Of(ServerCallContext context) => context.GetHttpContext().Features.Get<NodeCall>();
}

using System.Globalization;
using Orleans.Runtime;

namespace Wharf.Grains.Objects;

/// <summary>The names of holders; see <see cref="IHeldGrain"/>.</summary>
public static class Holder
{
    /// <summary>An export.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="exportId">The export.</param>
    /// <returns>The name.</returns>
    public static string OfExport(string sessionId, int exportId) => string.Create(CultureInfo.InvariantCulture, $"export/{sessionId}/{exportId}");

    /// <summary>A call of a session without an export, until the caller has fetched its outcome.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="work">The id of the operation in the session.</param>
    /// <returns>The name.</returns>
    public static string OfWait(string sessionId, long work) => string.Create(CultureInfo.InvariantCulture, $"wait/{sessionId}/{work}");

    /// <summary>A variable in the own scope of a session.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="number">A number that the session never used before.</param>
    /// <returns>The name.</returns>
    public static string OfVariable(string sessionId, long number) => string.Create(CultureInfo.InvariantCulture, $"variable/{sessionId}/{number}");

    /// <summary>Plugin code of a node that uses or keeps an object.</summary>
    /// <param name="node">The node.</param>
    /// <param name="number">A number that the node never used before.</param>
    /// <returns>The name.</returns>
    public static string OfNode(SiloAddress node, long number)
    {
        ArgumentNullException.ThrowIfNull(node);
        return string.Create(CultureInfo.InvariantCulture, $"node/{node.ToParsableString()}/{number}");
    }

    /// <summary>A named field.</summary>
    /// <param name="ticket">Its ticket, in canonical text.</param>
    /// <returns>The name.</returns>
    public static string OfField(string ticket) => "field/" + ticket;

    /// <summary>An open stream to the object.</summary>
    /// <param name="streamId">The stream.</param>
    /// <returns>The name.</returns>
    public static string OfStream(string streamId) => "stream/" + streamId;

    /// <summary>The references of a message that is sent to an object.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="message">The index of the data message of the client; a half-close is not counted.</param>
    /// <returns>The name.</returns>
    public static string OfInput(string streamId, long message) => string.Create(CultureInfo.InvariantCulture, $"stream/{streamId}/in/{message}");

    /// <summary>A short call; use the name with a lease.</summary>
    /// <param name="callId">An id that is unique in the cluster.</param>
    /// <returns>The name.</returns>
    public static string OfCall(string callId) => "call/" + callId;

    /// <summary>A short call of a session; use the name with a lease.</summary>
    /// <param name="sessionId">The session, whose memory budget is charged for the tables that the call stores.</param>
    /// <param name="callId">An id that is unique in the cluster.</param>
    /// <returns>The name.</returns>
    public static string OfCall(string sessionId, string callId) => $"call/{sessionId}/{callId}";

    /// <summary>Returns the session whose memory budget is charged for the tables of a holder.</summary>
    /// <param name="holder">The name.</param>
    /// <returns>The session's id; empty if no session is charged.</returns>
    public static ReadOnlySpan<char> PayerOf(string holder)
    {
        var session = SessionOf(holder);
        return session.IsEmpty ? Owner(holder, "call/") : session;
    }

    /// <summary>Returns the session of a holder: of an export, a call or a variable.</summary>
    /// <param name="holder">The name.</param>
    /// <returns>The session's id; empty if the holder belongs to no session.</returns>
    public static ReadOnlySpan<char> SessionOf(string holder)
    {
        var session = Owner(holder, "export/");
        if (session.IsEmpty)
            session = Owner(holder, "wait/");
        return session.IsEmpty ? Owner(holder, "variable/") : session;
    }

    /// <summary>Returns the node of a holder.</summary>
    /// <param name="holder">The name.</param>
    /// <returns>The node, as written by <see cref="SiloAddress.ToParsableString"/>; empty if the holder belongs to no node.</returns>
    public static ReadOnlySpan<char> NodeOf(string holder) => Owner(holder, "node/");

    private static ReadOnlySpan<char> Owner(string holder, string kind)
    {
        ArgumentNullException.ThrowIfNull(holder);
        if (!holder.StartsWith(kind, StringComparison.Ordinal))
            return [];
        var rest = holder.AsSpan(kind.Length);
        var end = rest.LastIndexOf('/');
        return end < 0 ? [] : rest[..end];
    }
}

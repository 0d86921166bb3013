using System.Globalization;
using Orleans.Runtime;

namespace Wharf.Grains.Objects;

/// <summary>The names under which objects are held: see <see cref="IHeldGrain"/>.</summary>
public static class Holder
{
    /// <summary>An export.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="exportId">The export.</param>
    /// <returns>The name.</returns>
    public static string OfExport(string sessionId, int exportId) => string.Create(CultureInfo.InvariantCulture, $"export/{sessionId}/{exportId}");

    /// <summary>A call of a session that has no export, while it waits or until its outcome is fetched.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="work">Which of the session's works it is.</param>
    /// <returns>The name.</returns>
    public static string OfWait(string sessionId, long work) => string.Create(CultureInfo.InvariantCulture, $"wait/{sessionId}/{work}");

    /// <summary>A variable in the own scope of a session.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="number">A number that the session never used before.</param>
    /// <returns>The name.</returns>
    public static string OfVariable(string sessionId, long number) => string.Create(CultureInfo.InvariantCulture, $"variable/{sessionId}/{number}");

    /// <summary>Plugin code of a node, which keeps an object or has it in hand.</summary>
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

    /// <summary>An open stream on the object itself.</summary>
    /// <param name="streamId">The stream.</param>
    /// <returns>The name.</returns>
    public static string OfStream(string streamId) => "stream/" + streamId;

    /// <summary>A message on its way to an object: what it refers to.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="message">Which data message of the client, the first being 0; a half-close is not counted.</param>
    /// <returns>The name.</returns>
    public static string OfInput(string streamId, long message) => string.Create(CultureInfo.InvariantCulture, $"stream/{streamId}/in/{message}");

    /// <summary>A call that will soon be over: to be used with a lease.</summary>
    /// <param name="callId">Any id that is unique in the cluster.</param>
    /// <returns>The name.</returns>
    public static string OfCall(string callId) => "call/" + callId;

    /// <summary>A call of a session that will soon be over: to be used with a lease.</summary>
    /// <param name="sessionId">The session, which pays for what the call stores.</param>
    /// <param name="callId">Any id that is unique in the cluster.</param>
    /// <returns>The name.</returns>
    public static string OfCall(string sessionId, string callId) => $"call/{sessionId}/{callId}";

    /// <summary>The session that pays for the memory of what a holder has made.</summary>
    /// <param name="holder">The name.</param>
    /// <returns>The session's id; empty when no session pays.</returns>
    public static ReadOnlySpan<char> PayerOf(string holder)
    {
        var session = SessionOf(holder);
        return session.IsEmpty ? Owner(holder, "call/") : session;
    }

    /// <summary>The session whose holder a name is: an export's, a call's or a variable's.</summary>
    /// <param name="holder">The name.</param>
    /// <returns>The session's id; empty when it is nobody's session.</returns>
    public static ReadOnlySpan<char> SessionOf(string holder)
    {
        var session = Owner(holder, "export/");
        if (session.IsEmpty)
            session = Owner(holder, "wait/");
        return session.IsEmpty ? Owner(holder, "variable/") : session;
    }

    /// <summary>The node whose holder a name is.</summary>
    /// <param name="holder">The name.</param>
    /// <returns>The node, as <see cref="SiloAddress.ToParsableString"/> has it; empty when it is no node's.</returns>
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

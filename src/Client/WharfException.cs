using Grpc.Core;
using Ticket = Wharf.Protocol.Ticket;

namespace Wharf.Client;

/// <summary>
/// The exception for all failures of calls: statuses of the server, errors of the transport, and responses that violate the protocol. It
/// has the status, the ticket of the call, and advice. It is an <see cref="RpcException"/>, so that code written for gRPC catches it, too.
/// </summary>
public sealed class WharfException : RpcException
{
    /// <summary>Creates the exception for a response that violates the protocol; its status is UNKNOWN.</summary>
    /// <param name="message">The violation.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public WharfException(string message, Exception? inner = null)
        : this(StatusCode.Unknown, message, inner: inner)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="status">The status of the call.</param>
    /// <param name="message">The status text of the server, or the error.</param>
    /// <param name="ticket">The ticket of the call, if it has one.</param>
    /// <param name="advice">A suggestion for the caller.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public WharfException(StatusCode status, string message, Ticket? ticket = null, string? advice = null, Exception? inner = null)
        : base(new Status(status, message, inner), (inner as RpcException)?.Trailers ?? Metadata.Empty,
            Text(status, message, ticket, advice)) =>
        (Ticket, Advice) = (ticket, advice);

    /// <summary>The ticket of the call; null if it has none or several. Its text does not contain the secret of a shared ticket.</summary>
    public Ticket? Ticket { get; }

    /// <summary>A suggestion for the caller; null if there is none.</summary>
    public string? Advice { get; }

    /// <summary>Converts a failure of the transport or the server, and adds the ticket.</summary>
    internal static WharfException From(RpcException failure, Ticket? ticket) =>
        failure is WharfException known && (ticket is null || known.Ticket is not null)
        ? known
        : new(failure.StatusCode, failure.Status.Detail, ticket, StatusAdvice.Of(failure.StatusCode), failure);

    private static string Text(StatusCode status, string message, Ticket? ticket, string? advice)
    {
        var what = message.Length == 0 ? status.ToString() : $"{message} ({status})";
        var about = ticket is null ? "" : $" [{ticket}]";
        return advice is null ? what + about : $"{what}{about}: {advice}";
    }
}

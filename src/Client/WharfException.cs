using Grpc.Core;
using Ticket = Wharf.Protocol.Ticket;

namespace Wharf.Client;

/// <summary>
/// Everything that goes wrong between this client and its server: what the server reports, what the transport reports, and answers that are not what the protocol promises.
/// It says how the call ended, about what, and what to do. It is an <see cref="RpcException"/>, so that code which knows gRPC catches it too.
/// </summary>
public sealed class WharfException : RpcException
{
    /// <summary>Makes the exception for an answer that is not what the protocol promises; its status is UNKNOWN.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="inner">What led to it, if anything.</param>
    public WharfException(string message, Exception? inner = null)
        : this(StatusCode.Unknown, message, inner: inner)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="status">How the call ended.</param>
    /// <param name="message">What the server said, or what is wrong.</param>
    /// <param name="ticket">What the call was about, if it was about one thing.</param>
    /// <param name="advice">What the caller can do about it.</param>
    /// <param name="inner">What led to it, if anything.</param>
    public WharfException(StatusCode status, string message, Ticket? ticket = null, string? advice = null, Exception? inner = null)
        : base(new Status(status, message, inner), (inner as RpcException)?.Trailers ?? Metadata.Empty, Text(status, message, ticket, advice)) =>
        (Ticket, Advice) = (ticket, advice);

    /// <summary>What the call was about; null when it was not about one thing. Printing it shows no secret of a shared ticket.</summary>
    public Ticket? Ticket { get; }

    /// <summary>What the caller can do about it; null when there is nothing to say beyond the message.</summary>
    public string? Advice { get; }

    /// <summary>A failure of the transport or the server, with what it was about.</summary>
    internal static WharfException From(RpcException failure, Ticket? ticket) => failure is WharfException known && (ticket is null || known.Ticket is not null)
        ? known
        : new(failure.StatusCode, failure.Status.Detail, ticket, StatusAdvice.Of(failure.StatusCode), failure);

    private static string Text(StatusCode status, string message, Ticket? ticket, string? advice)
    {
        var what = message.Length == 0 ? status.ToString() : $"{message} ({status})";
        var about = ticket is null ? "" : $" [{ticket}]";
        return advice is null ? what + about : $"{what}{about}: {advice}";
    }
}

using System.Collections.Immutable;

namespace Wharf.Grains.Sharing;

/// <summary>
/// Connects the two halves of a browser's message stream. The Next calls, which may reach any gateway, push messages, and the gateway that serves the Open call
/// pulls them. The key is <c>{session}/{export id}</c>.
/// </summary>
[GrainInterfaceType("wharf.browser-stream")]
[Alias("wharf.IBrowserStreamGrain")]
public interface IBrowserStreamGrain : IGrainWithStringKey
{
    /// <summary>Opens the stream. Messages that arrived earlier are kept for it.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when the stream is open.</returns>
    /// <exception cref="FaultException">INVALID_ARGUMENT: the stream was opened before.</exception>
    [Alias("Open")]
    Task OpenAsync(CancellationToken cancellationToken = default);

    /// <summary>Pushes a message. Waits for the Open call, at most <see cref="GrainLimits.LongestWait"/>.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>True if the message was accepted, false if Open has not arrived yet: retry.</returns>
    /// <exception cref="FaultException">
    /// OUT_OF_RANGE: the sequence number was used before. ABORTED: it is after the half-close. INVALID_ARGUMENT: a second half-close. FAILED_PRECONDITION: the
    /// stream has ended.
    /// </exception>
    [Alias("Push")]
    Task<bool> PushAsync(BrowserMessage message, CancellationToken cancellationToken = default);

    /// <summary>Waits for the next messages in sequence, at most <see cref="GrainLimits.LongestWait"/>.</summary>
    /// <param name="next">The sequence number of the next message; the grain discards earlier ones.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The messages, in sequence.</returns>
    [Alias("Pull")]
    [Repeatable]
    Task<ImmutableArray<BrowserMessage>> PullAsync(int next, CancellationToken cancellationToken = default);

    /// <summary>Ends the stream; later pushes are rejected.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when the stream has ended.</returns>
    [Alias("End")]
    Task EndAsync(CancellationToken cancellationToken = default);
}

/// <summary>One message of a browser's stream.</summary>
/// <param name="Sequence">The sequence number; the message of the Open call has its own.</param>
/// <param name="Request">The bytes of the StreamRequest; the grain does not parse them.</param>
/// <param name="HalfClose">Whether the message ends the client's side; its bytes are ignored then.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.BrowserMessage")]
public sealed record BrowserMessage([property: Id(0)] int Sequence, [property: Id(1)] ReadOnlyMemory<byte> Request, [property: Id(2)] bool HalfClose);

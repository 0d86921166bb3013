using System.Collections.Immutable;

namespace Wharf.Grains.Sharing;

/// <summary>
/// Where the two halves of a browser's message stream meet: Next calls, which may reach any gateway, push here, and the gateway that serves Open pulls.
/// The key is <c>{session}/{export id}</c>.
/// </summary>
[GrainInterfaceType("wharf.browser-stream")]
[Alias("wharf.IBrowserStreamGrain")]
public interface IBrowserStreamGrain : IGrainWithStringKey
{
    /// <summary>Opens the way; messages that came early are kept for it.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when it is open.</returns>
    /// <exception cref="FaultException">INVALID_ARGUMENT: it was open before.</exception>
    [Alias("Open")]
    Task OpenAsync(CancellationToken cancellationToken = default);

    /// <summary>Hands over a message. Waits for the Open call, at most <see cref="GrainLimits.LongestWait"/>.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>True when it was accepted, false when Open has not come yet: try again.</returns>
    /// <exception cref="FaultException">
    /// OUT_OF_RANGE: the sequence was there before. ABORTED: it is beyond the half-close. INVALID_ARGUMENT: a second half-close. FAILED_PRECONDITION: the stream has ended.
    /// </exception>
    [Alias("Push")]
    Task<bool> PushAsync(BrowserMessage message, CancellationToken cancellationToken = default);

    /// <summary>Waits for messages that are next in sequence, at most <see cref="GrainLimits.LongestWait"/>.</summary>
    /// <param name="next">The sequence of the next message wanted; all below it are forgotten.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The messages, in sequence.</returns>
    [Alias("Pull")]
    [Repeatable]
    Task<ImmutableArray<BrowserMessage>> PullAsync(int next, CancellationToken cancellationToken = default);

    /// <summary>Ends the way: later pushes are refused.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when it has ended.</returns>
    [Alias("End")]
    Task EndAsync(CancellationToken cancellationToken = default);
}

/// <summary>One message of a browser's stream.</summary>
/// <param name="Sequence">Its number; the one that came with Open has its own.</param>
/// <param name="Request">The bytes of the StreamRequest, not read here.</param>
/// <param name="HalfClose">Whether it ends the client's side; its bytes are then ignored.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.BrowserMessage")]
public sealed record BrowserMessage([property: Id(0)] int Sequence, [property: Id(1)] ReadOnlyMemory<byte> Request, [property: Id(2)] bool HalfClose);

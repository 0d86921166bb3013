namespace Wharf.Gateway.Sessions;

/// <summary>Waits for the cancellation of a token.</summary>
internal static class CancellationWait
{
    /// <summary>Completes without an exception when the token is cancelled.</summary>
    public static async Task UntilCancelledAsync(this CancellationToken token)
    {
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.Register(static state => ((TaskCompletionSource)state!).TrySetResult(), fired);
        await fired.Task;
    }
}

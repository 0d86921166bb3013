namespace Wharf.Plugins.Testing;

/// <summary>One call into the plugin at a time, in the order in which they were asked for; a failure is what a client would see of it.</summary>
internal sealed class Turns
{
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;

    public Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        lock (_gate)
        {
            var turn = AfterAsync(_last, work);
            _last = turn;
            return turn;
        }
    }

    private static async Task<T> AfterAsync<T>(Task before, Func<Task<T>> work)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is not (PluginException or OperationCanceledException))
        {
            throw new PluginException(PluginStatus.InvalidArgument, failed.Message, failed);
        }
    }
}

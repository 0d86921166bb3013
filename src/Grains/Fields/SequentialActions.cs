namespace Wharf.Grains.Fields;

/// <summary>Runs the actions of each name one after the other, in the order of their calls. Not thread-safe: one grain uses it on its scheduler.</summary>
internal sealed class SequentialActions
{
    private readonly Dictionary<string, Task> _last = [];

    public async Task RunAsync(string name, Func<Task> action)
    {
        var current = AfterAsync(_last.GetValueOrDefault(name, Task.CompletedTask), action);
        _last[name] = current;
        try
        {
            await current;
        }
        finally
        {
            if (_last.GetValueOrDefault(name) == current)
                _last.Remove(name);
        }
    }

    private static async Task AfterAsync(Task before, Func<Task> action)
    {
        // A failure of the previous action is reported to its own caller.
        await Task.WhenAny(before);
        await action();
    }
}

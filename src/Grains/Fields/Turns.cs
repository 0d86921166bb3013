namespace Wharf.Grains.Fields;

/// <summary>Lets things that concern one name happen one after the other, in the order in which they were asked for. To be used on one grain's scheduler.</summary>
internal sealed class Turns
{
    private readonly Dictionary<string, Task> _last = [];

    public async Task RunAsync(string name, Func<Task> action)
    {
        var turn = AfterAsync(_last.GetValueOrDefault(name, Task.CompletedTask), action);
        _last[name] = turn;
        try
        {
            await turn;
        }
        finally
        {
            if (_last.GetValueOrDefault(name) == turn)
                _last.Remove(name);
        }
    }

    private static async Task AfterAsync(Task before, Func<Task> action)
    {
        // How the one before ended is its caller's business.
        await Task.WhenAny(before);
        await action();
    }
}

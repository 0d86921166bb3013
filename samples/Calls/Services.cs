using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Calls;
using Wharf.Plugins;

[assembly: Plugin(typeof(Registration), PluginApi.Version)]

namespace Calls;

/// <summary>Brings both types.</summary>
public sealed class Registration : IPluginRegistration
{
    /// <inheritdoc/>
    public void RegisterInto(IPluginRegistry registry)
    {
        registry.Register(new RpcObjectType<IOrderDesk>(_ => new OrderDesk()));
        registry.Register(new RpcObjectType<IClerk>());
    }
}

/// <summary>Serial: no lock, but for those who watch, who are served beside the object's turns.</summary>
public sealed class OrderDesk : IOrderDesk
{
    private readonly ConcurrentDictionary<Channel<Order>, bool> _watchers = [];
    private readonly Tally _left = new();
    private decimal _sum;
    private Order? _last;

    /// <inheritdoc/>
    public ValueTask<decimal> TakeAsync(Order[] orders, CancellationToken cancellationToken)
    {
        foreach (var order in orders)
        {
            _last = order;
            _sum += order.Count * order.Price;
            Tell(order);
        }
        return ValueTask.FromResult(_sum);
    }

    /// <inheritdoc/>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        Tell(new("wait", 0, 0));
        return Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<int> LeftAsync(int atLeast, CancellationToken cancellationToken) => _left.ReachAsync(atLeast, cancellationToken);

    /// <inheritdoc/>
    public Task<Order?> LastAsync(CancellationToken cancellationToken) => Task.FromResult(_last);

    /// <inheritdoc/>
    public IAsyncEnumerable<Order> WatchAsync(string? item, CancellationToken cancellationToken)
    {
        // Here the call still has the object to itself; what is enumerated runs beside it.
        if (item is "nothing")
            throw new PluginException(PluginStatus.NotFound, "there is no such item");
        var channel = Channel.CreateUnbounded<Order>();
        _watchers[channel] = true;
        return ReadAsync(channel, item, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ITable?> MarkAsync(ITable? table, string mark, CancellationToken cancellationToken) =>
        table is null ? null : await table.UpdateAsync(["Mark = mark"], new { mark }, cancellationToken);

    /// <inheritdoc/>
    public Task<long> RowsAsync(ITable first, int times, ITable second, CancellationToken cancellationToken) => Task.FromResult((first.Size * times) + second.Size);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ITable?>> MarkAllAsync(IReadOnlyList<ITable?> tables, ITable? last, CancellationToken cancellationToken)
    {
        List<ITable?> marked = [];
        foreach (var table in tables.Append(last))
            marked.Add(await MarkAsync(table, $"{marked.Count}", cancellationToken));
        return marked;
    }

    /// <inheritdoc/>
    public Task<long[]?> SizesAsync(IReadOnlyList<ITable>? tables, CancellationToken cancellationToken) =>
        Task.FromResult<long[]?>(tables is null ? null : [.. tables.Select(table => table.Size)]);

    /// <inheritdoc/>
    public Task<IReadOnlyList<IClerk>> OpenClerksAsync(string[] names, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IClerk>>([.. names.Select(name => new Clerk(name))]);

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<IClerk>> HireAsync(string[] names, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var pair in names.Chunk(2))
            yield return [.. pair.Select(name => new Clerk(name))];
    }

    /// <inheritdoc/>
    public Task<IClerk> OpenClerkAsync(string name, CancellationToken cancellationToken) => Task.FromResult<IClerk>(new Clerk(name));

    /// <inheritdoc/>
    public Task<string> DescribeAsync(IServerObject thing, CancellationToken cancellationToken) => Task.FromResult(thing.Type);

    /// <inheritdoc/>
    public Task FailAsync(string text, int status) => status == 0 ? throw new InvalidOperationException(text) : throw new PluginException((PluginStatus)status, text);

    private void Tell(Order order)
    {
        foreach (var watcher in _watchers.Keys)
            watcher.Writer.TryWrite(order);
    }

    private async IAsyncEnumerable<Order> ReadAsync(Channel<Order> channel, string? item, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var order in channel.Reader.ReadAllAsync(cancellationToken))
            {
                if (order.Item == "end")
                    yield break;
                if (order.Item == "broken")
                    throw new InvalidDataException("a broken order");
                if (item is null || item == order.Item)
                    yield return order;
            }
        }
        finally
        {
            _watchers.TryRemove(channel, out _);
            _left.Add();
        }
    }
}

/// <summary>Concurrent: it guards what its calls share.</summary>
public sealed class Clerk(string name) : IClerk
{
    private readonly Lock _gate = new();
    private readonly Tally _givenUp = new();
    private TaskCompletionSource<int> _meeting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    /// <inheritdoc/>
    public Task<string> NameAsync(CancellationToken cancellationToken) => Task.FromResult(name);

    /// <inheritdoc/>
    public async Task<int> MeetAsync(int parties, CancellationToken cancellationToken)
    {
        Task<int> meeting;
        lock (_gate)
        {
            meeting = _meeting.Task;
            if (++_waiting == parties)
            {
                _meeting.SetResult(parties);
                (_meeting, _waiting) = (new(TaskCreationOptions.RunContinuationsAsynchronously), 0);
            }
        }
        try
        {
            return await meeting.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
                _waiting--;
            _givenUp.Add();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<int> GivenUpAsync(int atLeast, CancellationToken cancellationToken) => _givenUp.ReachAsync(atLeast, cancellationToken);
}

using System.Text.Json.Serialization;
using Wharf.Plugins;
using Wharf.Rpc;

namespace Calls;

/// <summary>A value of the contract's own.</summary>
public sealed record Order(string Item, int Count, decimal Price);

/// <summary>How the contract's own values are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Order[]))]
internal sealed partial class OrderJson : JsonSerializerContext;

/// <summary>A desk that takes orders, one call at a time.</summary>
[Rpc("OrderDesk", JsonContext = typeof(OrderJson))]
public partial interface IOrderDesk
{
    /// <summary>Takes orders; answers with the sum of all so far.</summary>
    ValueTask<decimal> TakeAsync(Order[] orders, CancellationToken cancellationToken = default);

    /// <summary>The last order, or null.</summary>
    Task<Order?> LastAsync(CancellationToken cancellationToken = default);

    /// <summary>Every order from now on, as it is taken.</summary>
    IAsyncEnumerable<Order> WatchAsync([RpcName("only")] string? item = null, CancellationToken cancellationToken = default);

    /// <summary>A table with a column more, or the same table.</summary>
    Task<ITable?> MarkAsync(ITable? table, string mark = "none", CancellationToken cancellationToken = default);

    /// <summary>Two tables: how many rows they have together, each taken as often as is said.</summary>
    Task<long> RowsAsync(ITable first, int times, ITable second, CancellationToken cancellationToken = default);

    /// <summary>Tables in a list and one beside it, each with its number in a column more; null stays null.</summary>
    Task<IReadOnlyList<ITable?>> MarkAllAsync(IReadOnlyList<ITable?> tables, ITable? last = null, CancellationToken cancellationToken = default);

    /// <summary>How many rows each table has; null of null.</summary>
    Task<long[]?> SizesAsync(IReadOnlyList<ITable>? tables, CancellationToken cancellationToken = default);

    /// <summary>Clerks, one for each name.</summary>
    Task<IReadOnlyList<IClerk>> OpenClerksAsync(string[] names, CancellationToken cancellationToken = default);

    /// <summary>Clerks, two at a time.</summary>
    IAsyncEnumerable<IReadOnlyList<IClerk>> HireAsync(string[] names, CancellationToken cancellationToken = default);

    /// <summary>Keeps the desk until the caller gives up. Who watches sees an order of "wait".</summary>
    Task WaitAsync(CancellationToken cancellationToken = default);

    /// <summary>Waits until as many as are said have stopped watching.</summary>
    Task<int> LeftAsync(int atLeast, CancellationToken cancellationToken = default);

    /// <summary>A clerk of its own, that others can be given.</summary>
    Task<IClerk> OpenClerkAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Who an object is.</summary>
    Task<string> DescribeAsync(IServerObject thing, CancellationToken cancellationToken = default);

    /// <summary>Fails: with a status if there is one to fail with.</summary>
    Task FailAsync(string text, int status = 0);
}

/// <summary>Calls of a clerk run side by side.</summary>
[Rpc("Clerk", IsConcurrent = true)]
public partial interface IClerk
{
    /// <summary>The clerk's name.</summary>
    Task<string> NameAsync(CancellationToken cancellationToken = default);

    /// <summary>Waits until as many calls wait as are said, or its caller gives up.</summary>
    Task<int> MeetAsync(int parties, CancellationToken cancellationToken = default);

    /// <summary>How many calls were given up while they waited.</summary>
    Task<int> GivenUpAsync(int atLeast, CancellationToken cancellationToken = default);
}

namespace Wharf.Plugins.ExampleService;

/// <summary>The service itself: what clients call through <see cref="ExampleServiceHandler"/>.</summary>
public sealed class ExampleServiceObject
{
    /// <summary>Greets.</summary>
    /// <param name="data">What the client said.</param>
    /// <returns>The greeting.</returns>
    public string HelloString(string data) => $"Hello client.  You said: {data}";

    /// <summary>Adds what was said on both sides to a table.</summary>
    /// <param name="table">The client's table.</param>
    /// <param name="data">What the client said: anything that a formula can use.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The new table.</returns>
    public ValueTask<ITable> HelloTableAsync(ITable table, object? data, CancellationToken cancellationToken) =>
        table.UpdateAsync(["Client = data", "Server = `Hello client!`"], new { data }, cancellationToken);
}

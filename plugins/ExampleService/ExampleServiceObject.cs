namespace Wharf.Plugins.ExampleService;

/// <summary>The service, which clients call through <see cref="ExampleServiceHandler"/>.</summary>
public sealed class ExampleServiceObject
{
    /// <summary>Returns a greeting.</summary>
    /// <param name="data">The text of the client.</param>
    /// <returns>The greeting.</returns>
    public string HelloString(string data) => $"Hello client.  You said: {data}";

    /// <summary>Adds a column with the client's value and one with a greeting to a table.</summary>
    /// <param name="table">The client's table.</param>
    /// <param name="data">The value of the client, of any type that a formula can use.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The new table.</returns>
    public ValueTask<ITable> HelloTableAsync(ITable table, object? data, CancellationToken cancellationToken) =>
        table.UpdateAsync(["Client = data", "Server = `Hello client!`"], new { data }, cancellationToken);
}

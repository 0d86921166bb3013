using Apache.Arrow;
using Guide;
using Wharf.Client;

// The guide's client. It works with Wharf and with Deephaven's own server:
//   GuideClient [ADDRESS] [PSK]                  calls the service and prints its answers
//   GuideClient publish [ADDRESS] [PSK]          prints a ticket and waits for a line
//   GuideClient fetch TICKET [ADDRESS] [PSK]     calls the service that the ticket names
var rest = args switch
{
    ["publish", ..] => args[1..],
    ["fetch", _, ..] => args[2..],
    _ => args,
};
var address = new Uri(rest.Length > 0 ? rest[0] : "http://localhost:10000");
var key = rest.Length > 1 ? rest[1] : "YOUR_PASSWORD_HERE";
await using var session = await Session.ConnectAsync(address, Credentials.PreSharedKey(key));

switch (args)
{
    case ["publish", ..]:
        await SharedObject.PublishAsync(session);
        return;
    case ["fetch", var ticket, ..]:
        await SharedObject.FetchAsync(session, ticket);
        return;
}

var names = (await session.ExportableObjects.ListAsync()).Select(field => field.Name);
Console.WriteLine($"Exportable objects: {string.Join(", ", names)}");

await using var example = await session.OpenAsync<IExampleService>("example_service");
Console.WriteLine($"HelloString: {await example.Service.HelloStringAsync("Hello server!")}");

await using var empty = await session.EmptyTableAsync(10);
await using var numbers = await empty.UpdateAsync(["X = i"]);
await using var greeted = await example.Service.HelloTableAsync(numbers, "Hello server!");
Console.WriteLine($"HelloTable: {string.Join(" | ", greeted.Schema.FieldsList.Select(column => column.Name))}");
await foreach (var batch in greeted.ReadAsync())
    for (var row = 0; row < batch.Length; row++)
        Console.WriteLine($"{((Int32Array)batch.Column(0)).GetValue(row)} | {((StringArray)batch.Column(1)).GetString(row)} | {((StringArray)batch.Column(2)).GetString(row)}");

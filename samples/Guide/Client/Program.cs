using Apache.Arrow;
using Guide;
using Wharf.Client;

// The guide's client: GuideClient [ADDRESS] [PSK]. It talks to Wharf and to Deephaven's own server alike.
var address = new Uri(args.Length > 0 ? args[0] : "http://localhost:10000");
var key = args.Length > 1 ? args[1] : "YOUR_PASSWORD_HERE";
await using var session = await Session.ConnectAsync(address, Credentials.PreSharedKey(key));

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

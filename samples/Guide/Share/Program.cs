using Guide;
using Wharf.Client;
using Wharf.Protocol;

// One program publishes an object, another fetches it in a session of its own:
//   GuideShare publish [ADDRESS] [PSK]            prints a ticket and waits for a line, for the object is there as long as its publisher
//   GuideShare fetch TICKET [ADDRESS] [PSK]
var isPublisher = args is ["publish", ..];
if (!isPublisher && args is not ["fetch", _, ..])
{
    Console.Error.WriteLine("usage: GuideShare publish [ADDRESS] [PSK] | fetch TICKET [ADDRESS] [PSK]");
    return 2;
}

var rest = args[(isPublisher ? 1 : 2)..];
var address = new Uri(rest.Length > 0 ? rest[0] : "http://localhost:10000");
await using var session = await Session.ConnectAsync(address, Credentials.PreSharedKey(rest.Length > 1 ? rest[1] : "YOUR_PASSWORD_HERE"));

if (isPublisher)
{
    var exported = await session.FetchAsync(await session.ExportableObjects.FindAsync("example_service"));
    var ticket = await session.PublishAsync((ExportTicket)exported.Ticket);
    Console.WriteLine($"ticket {ticket.Canonical}");
    Console.ReadLine();
    return 0;
}

await using var example = await session.OpenAsync<IExampleService>(new TypedTicket(Ticket.ParseCanonical(args[1]), ""));
Console.WriteLine(await example.Service.HelloStringAsync("Hello from another session!"));
return 0;

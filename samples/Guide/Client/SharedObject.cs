using Guide;
using Wharf.Client;
using Wharf.Protocol;

/// <summary>One program publishes an object; another fetches it in its own session.</summary>
internal static class SharedObject
{
    /// <summary>Publishes the service, prints its ticket, and waits for a line: the object exists as long as the session of its publisher.</summary>
    public static async Task PublishAsync(Session session)
    {
        var exported = await session.FetchAsync(await session.ExportableObjects.FindAsync("example_service"));
        var ticket = await session.PublishAsync((ExportTicket)exported.Ticket);
        Console.WriteLine($"ticket {ticket.Canonical}");
        Console.ReadLine();
    }

    /// <summary>Calls the service of another session.</summary>
    public static async Task FetchAsync(Session session, string ticket)
    {
        await using var example = await session.OpenAsync<IExampleService>(new TypedTicket(Ticket.ParseCanonical(ticket), ""));
        Console.WriteLine(await example.Service.HelloStringAsync("Hello from another session!"));
    }
}

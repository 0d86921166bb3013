using Google.Protobuf;
using Grpc.Core;
using Wharf.Protocol.Grpc;
using Wharf.Protocol.Grpc.Console;
using Wharf.Protocol.Grpc.Flight;
using FlightTicket = Wharf.Protocol.Grpc.Flight.Ticket;
using Ticket = Wharf.Protocol.Grpc.Ticket;

namespace Wharf.Conformance.Tests;

/// <summary>Every malformed ticket in every place where a ticket can stand.</summary>
public abstract class MalformedRequests(ConformanceServer server)
{
    private const StatusCode OK = StatusCode.OK;
    private const StatusCode IA = StatusCode.InvalidArgument;
    private const StatusCode FP = StatusCode.FailedPrecondition;
    private const StatusCode NF = StatusCode.NotFound;
    private const StatusCode UA = StatusCode.Unavailable;

    // The columns of the first table, in its order.
    private static readonly (string Name, Func<Session, Ticket?, Task<Answer>> Ask)[] Sources =
    [
        ("ExportFromTicket", (session, ticket) => session.ExportAsync(ticket, Session.Export(1))),
        ("Publish to an export", (session, ticket) => session.PublishAsync(ticket, Session.Export(1))),
        ("Publish to a shared ticket", (session, ticket) => session.PublishAsync(ticket, Session.NewShared())),
        ("Publish to the scope", (session, ticket) => session.PublishAsync(ticket, Session.NewScope())),
        ("Release", (session, ticket) => session.ReleaseAsync(ticket)),
        ("connect", (session, ticket) => session.ConverseAsync(Session.Connect(ticket, "Echo"))),
        ("reference", (session, ticket) => session.ConverseAsync(Session.Connect(Session.Scope("echo"), "Echo"), Session.Data("x", ticket))),
#pragma warning disable CS0612, CS0618 // deprecated, and still called by clients
        ("FetchObject", (session, ticket) => Answer.OfAsync(session.Objects.FetchObjectAsync(
            new FetchObjectRequest { SourceId = new TypedTicket { Ticket = ticket, Type = "Echo" } }, session.Headers))),
#pragma warning restore CS0612, CS0618
        ("FetchTable", (session, ticket) => session.FetchTableAsync(ticket, Session.Export(1))),
        ("Update", (session, ticket) => session.UpdateAsync(ticket, Session.Export(1))),
        ("GetExportedTableCreationResponse", (session, ticket) => session.DescribeAsync(ticket)),
        ("Batch", (session, ticket) => BatchAsync(session, new FetchTableRequest { SourceId = Session.Reference(ticket), ResultId = Session.Export(1) })),
        ("DoGet", (session, ticket) => DoGetAsync(session, ticket)),
        ("BindTableToVariable", (session, ticket) => Answer.OfAsync(session.Consoles.BindTableToVariableAsync(
            new BindTableToVariableRequest { TableId = ticket, VariableName = "v" + Guid.NewGuid().ToString("N") }, session.Headers))),
        ("OpenMessageStream", (session, ticket) => OpenAsync(session, ticket)),
    ];

    // The columns of the second table.
    private static readonly (string Name, Func<Session, Ticket?, Task<Answer>> Ask)[] Results =
    [
        ("ExportFromTicket", (session, ticket) => session.ExportAsync(Session.Export(50), ticket)),
        ("Publish", (session, ticket) => session.PublishAsync(Session.Export(50), ticket)),
        ("EmptyTable", (session, ticket) => session.EmptyTableAsync(ticket)),
        ("FetchTable", (session, ticket) => session.FetchTableAsync(Session.Export(50), ticket)),
        ("Update", (session, ticket) => session.UpdateAsync(Session.Export(50), ticket)),
        ("StartConsole", (session, ticket) => Answer.OfAsync(session.Consoles.StartConsoleAsync(
            new StartConsoleRequest { ResultId = ticket, SessionType = "python" }, session.Headers))),
    ];

    [Theory]
    //                             Exp Pub>e Pub>h Pub>s Rel Con Ref FObj FTab Upd Desc Bat DoGet Bind Open
    [InlineData("unset", new[] { IA, IA, IA, IA, IA, IA, FP, IA, FP, FP, FP, IA, IA, FP, IA })]
    [InlineData("empty", new[] { IA, IA, IA, IA, FP, IA, FP, IA, FP, FP, FP, FP, IA, FP, IA })]
    [InlineData("unknown route", new[] { FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP })]
    [InlineData("zero byte", new[] { FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP })]
    [InlineData("high byte", new[] { FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP })]
    [InlineData("upper case", new[] { FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP })]
    [InlineData("e of 1", new[] { FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP })]
    [InlineData("e of 4", new[] { FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP })]
    [InlineData("e of 6", new[] { FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP })]
    [InlineData("e id 0", new[] { IA, IA, FP, IA, UA, IA, IA, IA, IA, IA, IA, IA, IA, IA, IA })]
    [InlineData("e id -7", new[] { FP, FP, FP, FP, UA, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP })]
    [InlineData("s of 1", new[] { FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP })]
    [InlineData("s of 2", new[] { FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP })]
    [InlineData("s no slash", new[] { FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP })]
    [InlineData("s not UTF-8", new[] { FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP })]
    [InlineData("s missing", new[] { NF, NF, FP, NF, FP, NF, NF, NF, NF, NF, NF, NF, NF, NF, NF })]
    [InlineData("h of 1", new[] { FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP })]
    [InlineData("h unknown", new[] { NF, NF, FP, NF, FP, NF, NF, NF, NF, NF, NF, NF, NF, NF, NF })]
    [InlineData("a of 1", new[] { FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP })]
    [InlineData("a one slash", new[] { FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP })]
    [InlineData("a two slashes", new[] { FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP })]
    [InlineData("a no name", new[] { NF, NF, NF, NF, FP, NF, NF, NF, NF, NF, NF, NF, NF, NF, NF })]
    [InlineData("a unknown", new[] { NF, NF, NF, NF, FP, NF, NF, NF, NF, NF, NF, NF, NF, NF, NF })]
    [InlineData("a not f", new[] { NF, NF, NF, NF, FP, NF, NF, NF, NF, NF, NF, NF, NF, NF, NF })]
    [InlineData("a junk first", new[] { NF, NF, NF, NF, FP, NF, NF, NF, NF, NF, NF, NF, NF, NF, NF })]
    [InlineData("a slashes", new[] { NF, NF, NF, NF, FP, NF, NF, NF, NF, NF, NF, NF, NF, NF, NF })]
    [InlineData("a of the scope", new[] { NF, NF, NF, NF, FP, NF, NF, NF, NF, NF, NF, NF, NF, NF, NF })]
    [InlineData("a not UTF-8", new[] { FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP })]
    [InlineData("a path", new[] { FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP, FP })]
    public Task A_source_that_is_none_is_refused_wherever_it_stands(string ticket, StatusCode[] expected) => CompareAsync(Sources, ticket, expected);

    [Theory]
    //                             Exp Pub Empty Fetch Upd Console
    [InlineData("unset", new[] { IA, IA, FP, FP, FP, FP })]
    [InlineData("empty", new[] { FP, IA, FP, FP, FP, FP })]
    [InlineData("unknown route", new[] { FP, FP, FP, FP, FP, FP })]
    [InlineData("upper case", new[] { FP, FP, FP, FP, FP, FP })]
    [InlineData("e of 1", new[] { FP, FP, FP, FP, FP, FP })]
    [InlineData("e of 4", new[] { FP, FP, FP, FP, FP, FP })]
    [InlineData("e of 6", new[] { FP, FP, FP, FP, FP, FP })]
    [InlineData("e id 0", new[] { IA, IA, IA, IA, IA, IA })]
    [InlineData("e id -7", new[] { IA, IA, IA, IA, IA, IA })]
    [InlineData("s of 1", new[] { FP, FP, FP, FP, FP, FP })]
    [InlineData("s of 2", new[] { FP, FP, FP, FP, FP, FP })]
    [InlineData("s not UTF-8", new[] { FP, FP, FP, FP, FP, FP })]
    [InlineData("h of 1", new[] { FP, FP, FP, FP, FP, FP })]
    [InlineData("a one slash", new[] { FP, FP, FP, FP, FP, FP })]
    [InlineData("a two slashes", new[] { FP, FP, FP, FP, FP, FP })]
    [InlineData("a unknown", new[] { FP, NF, NF, NF, NF, FP })]
    [InlineData("a not f", new[] { FP, NF, NF, NF, NF, FP })]
    [InlineData("a of the scope", new[] { FP, NF, NF, NF, NF, FP })]
    [InlineData("a path", new[] { FP, FP, FP, FP, FP, FP })]
    public Task A_result_that_is_none_is_refused_wherever_it_stands(string ticket, StatusCode[] expected) => CompareAsync(Results, ticket, expected);

    [Theory]
    [InlineData(FP, FP)]
    [InlineData(FP, FP, "")]
    [InlineData(FP, FP, "nope", "1")]
    [InlineData(FP, FP, "EXPORT", "50")]
    [InlineData(FP, FP, "export")]
    [InlineData(FP, FP, "export", "1", "2")]
    [InlineData(FP, FP, "export", "x")]
    [InlineData(FP, FP, "export", "99999999999")]
    [InlineData(IA, IA, "export", "0")]
    [InlineData(FP, IA, "export", "-7")]
    [InlineData(OK, IA, "export", "50")]
    [InlineData(FP, FP, "shared")]
    [InlineData(FP, FP, "shared", "ab", "cd")]
    [InlineData(NF, FP, "shared", "abcd")]
    [InlineData(IA, IA, "shared", "xyz")]
    [InlineData(IA, IA, "shared", "abc")]
    [InlineData(FP, FP, "scope")]
    [InlineData(FP, FP, "scope", "a", "b")]
    [InlineData(FP, FP, "s", "echo")]
    [InlineData(FP, FP, "app")]
    [InlineData(FP, FP, "app", "x", "field")]
    [InlineData(NF, FP, "app", "x", "field", "y")]
    [InlineData(NF, FP, "app", "x", "f", "y")]
    [InlineData(FP, FP, "app", "x", "field", "y", "z")]
    public async Task A_path_that_is_none_is_refused(StatusCode described, StatusCode uploaded, params string[] path)
    {
        await using var session = await server.LoginAsync();
        await session.EmptyTableAsync(Session.Export(50));
        var descriptor = new FlightDescriptor { Type = FlightDescriptor.Types.DescriptorType.Path };
        descriptor.Path.AddRange(path);
        Assert.Equal(described, (await Answer.OfAsync(session.Flights.GetFlightInfoAsync(descriptor, session.Headers))).Code);
        Assert.Equal(described, (await Answer.OfAsync(session.Flights.GetSchemaAsync(descriptor, session.Headers))).Code);
        using var put = session.Flights.DoPut(session.Headers);
        await put.RequestStream.WriteAsync(new FlightData { FlightDescriptor = descriptor, DataHeader = ByteString.CopyFrom(EmptySchema.Message) });
        await put.RequestStream.CompleteAsync();
        Assert.Equal(uploaded, (await Answer.OfAsync(put.ResponseStream)).Code);
    }

    [Theory]
    [InlineData("export", "1")]
    [InlineData("export", "x")]
    [InlineData("shared", "abcd")]
    [InlineData("shared", "xyz")]
    [InlineData("scope", "nosuchvariable")]
    public async Task A_path_into_a_session_needs_one(params string[] path)
    {
        var descriptor = new FlightDescriptor { Type = FlightDescriptor.Types.DescriptorType.Path };
        descriptor.Path.AddRange(path);
        var answer = await Answer.OfAsync(new FlightService.FlightServiceClient(server.Channel).GetFlightInfoAsync(descriptor));
        Assert.Equal(StatusCode.Unauthenticated, answer.Code);
        Assert.NotEqual("", answer.Text);
    }

    [Theory]
    [InlineData("s missing", IA)]
    [InlineData("h unknown", IA)]
    [InlineData("e id -7", IA)]
    [InlineData("e id 0", IA)]
    [InlineData("a unknown", OK)]
    [InlineData("unknown route", OK)]
    [InlineData("s of 2", OK)]
    public async Task A_source_that_does_not_resolve_uses_the_result_up_and_one_that_is_refused_does_not(string ticket, StatusCode then)
    {
        await using var session = await server.LoginAsync();
        var source = Session.TicketOf(MalformedTickets.ByName[ticket]);
        Assert.NotEqual(OK, (await session.ExportAsync(source, Session.Export(1))).Code);
        Assert.Equal(then, (await session.EmptyTableAsync(Session.Export(1))).Code);
        Assert.NotEqual(OK, (await session.FetchTableAsync(source, Session.Export(2))).Code);
        Assert.Equal(then, (await session.EmptyTableAsync(Session.Export(2))).Code);
    }

    private static async Task<Answer> BatchAsync(Session session, FetchTableRequest fetch)
    {
        using var call = session.Tables.Batch(new BatchTableRequest { Ops = { new BatchTableRequest.Types.Operation { FetchTable = fetch } } }, session.Headers);
        return await Answer.OfAsync(call.ResponseStream);
    }

    private static async Task<Answer> DoGetAsync(Session session, Ticket? ticket)
    {
        using var call = session.Flights.DoGet(new FlightTicket { Ticket_ = ticket?.Ticket_ ?? ByteString.Empty }, session.Headers);
        return await Answer.OfAsync(call.ResponseStream);
    }

    private static async Task<Answer> OpenAsync(Session session, Ticket? ticket)
    {
        using var call = session.Objects.OpenMessageStream(Session.Connect(ticket, "Echo"), session.BrowserHeaders(4, 0));
        return await Answer.OfAsync(call.ResponseStream);
    }

    private async Task CompareAsync((string Name, Func<Session, Ticket?, Task<Answer>> Ask)[] places, string ticket, StatusCode[] expected)
    {
        var found = new List<string>();
        foreach (var (name, ask) in places)
        {
            await using var session = await server.LoginAsync();
            await session.EmptyTableAsync(Session.Export(50));
            found.Add($"{name}: {(await ask(session, Session.TicketOf(MalformedTickets.ByName[ticket]))).Code}");
        }
        Assert.Equal(places.Zip(expected, (place, code) => $"{place.Name}: {code}"), found);
    }
}

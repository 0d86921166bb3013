using Grpc.Core;
using Wharf.Protocol.Grpc;
using Wharf.Protocol.Grpc.Console;
using Wharf.Protocol.Grpc.Flight;
using Criteria = Wharf.Protocol.Grpc.Flight.Criteria;

namespace Wharf.Conformance.Tests;

public abstract class CallsWithoutASession(ConformanceServer server)
{
    private static readonly Answer Bare = new(StatusCode.Unauthenticated, "");

    [Fact]
    public async Task Calls_that_clients_make_before_the_login_are_answered()
    {
        var constants = await new ConfigService.ConfigServiceClient(server.Channel).GetAuthenticationConstantsAsync(new AuthenticationConstantsRequest());
        var consoles = await new ConsoleService.ConsoleServiceClient(server.Channel).GetConsoleTypesAsync(new GetConsoleTypesRequest());
        var flights = new List<FlightInfo>();
        var listed = await Answer.OfAsync(new FlightService.FlightServiceClient(server.Channel).ListFlights(new Criteria()).ResponseStream, flights);

        Assert.Contains("io.deephaven.authentication.psk.PskAuthenticationHandler", constants.ConfigValues["AuthHandlers"].StringValue, StringComparison.Ordinal);
        Assert.Equal(["python"], consoles.ConsoleTypes);
        Assert.Equal(StatusCode.OK, listed.Code);
    }

    [Fact]
    public async Task Everything_else_answers_UNAUTHENTICATED_without_a_text()
    {
        await using var nobody = new Session(server.Channel, "");
        var none = new Metadata();

        Assert.Equal(Bare, await Answer.OfAsync(new ConfigService.ConfigServiceClient(server.Channel).GetConfigurationConstantsAsync(new ConfigurationConstantsRequest())));
        Assert.Equal(Bare, await Answer.OfAsync(nobody.Sessions.ReleaseAsync(new ReleaseRequest { Id = Session.Export(1) }, none)));
        Assert.Equal(Bare, await Answer.OfAsync(nobody.Sessions.ExportFromTicketAsync(new ExportRequest(), none)));
        Assert.Equal(Bare, await Answer.OfAsync(nobody.Sessions.PublishFromTicketAsync(new PublishRequest(), none)));
        Assert.Equal(Bare, await Answer.OfAsync(nobody.Sessions.TerminationNotificationAsync(new TerminationNotificationRequest(), none)));
        Assert.Equal(Bare, await Answer.OfAsync(nobody.Sessions.ExportNotifications(new ExportNotificationRequest(), none).ResponseStream));
        Assert.Equal(Bare, await Answer.OfAsync(nobody.Fields.ListFields(new ListFieldsRequest(), none).ResponseStream));
        Assert.Equal(Bare, await Answer.OfAsync(nobody.Objects.MessageStream(none).ResponseStream));
        Assert.Equal(Bare, await Answer.OfAsync(nobody.Tables.EmptyTableAsync(new EmptyTableRequest(), none)));
        Assert.Equal(Bare, await Answer.OfAsync(nobody.Tables.ExportedTableUpdates(new ExportedTableUpdatesRequest(), none).ResponseStream));
        Assert.Equal(Bare, await Answer.OfAsync(nobody.Consoles.StartConsoleAsync(new StartConsoleRequest(), none)));
        Assert.Equal(Bare, await Answer.OfAsync(nobody.Flights.DoGet(new Wharf.Protocol.Grpc.Flight.Ticket(), none).ResponseStream));
        // Whoever has no session closes none.
        await Assert.ThrowsAsync<RpcException>(async () => await nobody.Sessions.CloseSessionAsync(new Wharf.Protocol.Grpc.HandshakeRequest(), none));
    }

    [Fact]
    public async Task A_batch_looks_at_its_shape_before_the_session()
    {
        var tables = new TableService.TableServiceClient(server.Channel);
        var complete = new BatchTableRequest { Ops = { new BatchTableRequest.Types.Operation { EmptyTable = new EmptyTableRequest { Size = 1 } } } };

        Assert.Equal(StatusCode.InvalidArgument, (await Answer.OfAsync(tables.Batch(new BatchTableRequest()).ResponseStream)).Code);
        Assert.Equal(StatusCode.InvalidArgument, (await Answer.OfAsync(tables.Batch(new BatchTableRequest { Ops = { new BatchTableRequest.Types.Operation() } }).ResponseStream)).Code);
        Assert.Equal(Bare, await Answer.OfAsync(tables.Batch(complete).ResponseStream));
    }
}

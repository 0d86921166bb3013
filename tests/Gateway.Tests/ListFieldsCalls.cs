using Wharf.Protocol.Grpc.Console;

namespace Wharf.Gateway.Tests;

/// <summary>ApplicationService.ListFields.</summary>
public sealed class ListFieldsCalls(Server server) : IClassFixture<Server>
{
    [Fact]
    public async Task The_first_message_has_all_fields_and_later_ones_what_changed()
    {
        using var session = await server.LoginAsync();
        using var fields = session.Fields.ListFields(new(), session.Headers);
        var first = await fields.ResponseStream.NextAsync();
        Assert.Equal(
            ["app/echo", "scope/counter", "scope/echo"],
            first.Created.Select(field => $"{(field.ApplicationName.Length > 0 ? "app" : field.ApplicationId)}/{field.FieldName}")
                .Order(StringComparer.Ordinal));
        var echo = first.Created.Single(field => field.ApplicationId == "scope" && field.FieldName == "echo");
        Assert.Equal(("s/echo", "Echo", "query scope variable"), (echo.TypedTicket.Ticket.Ticket_.ToStringUtf8(), echo.TypedTicket.Type, echo.FieldDescription));
        Assert.Equal("a/demo/f/echo", first.Created.Single(field => field.ApplicationId == "demo").TypedTicket.Ticket.Ticket_.ToStringUtf8());

        await session.EmptyTableAsync(1, 1);
        await session.Consoles.BindTableToVariableAsync(
            new BindTableToVariableRequest { TableId = TestSession.Export(1), VariableName = "fresh" }, session.Headers);
        var change = await fields.ResponseStream.NextAsync();
        var created = Assert.Single(change.Created);
        Assert.Equal(("fresh", "Table"), (created.FieldName, created.TypedTicket.Type));
        Assert.Empty(change.Updated);
        Assert.Empty(change.Removed);

        await session.EmptyTableAsync(2, 2);
        await session.Consoles.BindTableToVariableAsync(
            new BindTableToVariableRequest { TableId = TestSession.Export(2), VariableName = "fresh" }, session.Headers);
        Assert.Equal("fresh", Assert.Single((await fields.ResponseStream.NextAsync()).Updated).FieldName);
    }
}

using Wharf.Protocol;
using Wharf.Protocol.Grpc;
using StatusCode = Grpc.Core.StatusCode;
using TypedTicket = Wharf.Client.TypedTicket;

namespace Wharf.Client.Tests;

/// <summary>What an object answers to typed calls, when it is not what the contract says.</summary>
public sealed class TypedAnswers
{
    private static readonly TypedTicket[] Along = [new(new ExportTicket(-5), "Echo"), new(new ExportTicket(-6), WireNames.TableType)];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{\"result\": 5}", "the object's result is not of type ObjectHolders")]
    [InlineData("{\"result\": {\"id\": 5}}", "the object's result is not of type ObjectHolders")]
    [InlineData("{\"result\": [\"a\"]}", "the object's result is not of type ObjectHolders")]
    [InlineData("{\"answer\": 5}", "the object's answer has neither a result nor an error")]
    [InlineData("5", "the object's answer has neither a result nor an error")]
    [InlineData("no JSON", "the object's answer is not JSON")]
    [InlineData("", "the object's answer is not JSON")]
    public async Task An_answer_that_is_not_what_the_contract_says_is_the_clients_own_exception(string answer, string text)
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var objects = await session.OpenAsync<INamedObjects>(INamedObjects.Name, Cancelled);
        server.Replies.Enqueue((answer, []));
        var error = await Assert.ThrowsAsync<WharfException>(() => objects.Service.HoldersAsync("x", Cancelled));
        Assert.Equal((StatusCode.Internal, objects.Target.Reference.Ticket), (error.StatusCode, error.Ticket));
        Assert.StartsWith(text, error.Status.Detail, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(error.Advice));

        server.Replies.Enqueue(("""{"result": {"id": "a!1", "type": "A", "streams": 2, "holders": ["x"]}}""", []));
        Assert.Equal("a!1", (await objects.Service.HoldersAsync("x", Cancelled)).Id);
    }

    [Theory]
    [InlineData("{\"result\": \"\"}", "the object's result has no reference")]
    [InlineData("{\"result\": null}", null)]
    public async Task A_result_without_its_reference_is_refused_unless_it_is_null(string answer, string? text)
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var objects = await session.OpenAsync<INamedObjects>(INamedObjects.Name, Cancelled);
        server.Replies.Enqueue((answer, []));
        var created = objects.Service.CreateAsync("A", "x", cancellationToken: Cancelled);
        if (text is null)
            Assert.Null(await created);
        else
            Assert.Equal(text, (await Assert.ThrowsAsync<WharfException>(() => created)).Status.Detail);
    }

    [Theory]
    [InlineData("{\"result\": null}", false)]
    [InlineData("{\"error\": \"as asked\", \"status\": 5}", true)]
    [InlineData("no JSON", true)]
    public async Task References_beside_a_value_or_a_failure_are_released_at_once(string answer, bool isFailure)
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var objects = await session.OpenAsync<INamedObjects>(INamedObjects.Name, Cancelled);
        server.Replies.Enqueue((answer, Along));
        var deleted = objects.Service.DeleteAsync("x", Cancelled);
        if (isFailure)
            await Assert.ThrowsAsync<WharfException>(() => deleted);
        else
            await deleted;
        Assert.Equal([-5, -6], Released(server));
        Assert.Empty(server.Requests.OfType<Protocol.Grpc.Ticket>()); // nobody has asked what table it is
    }

    [Fact]
    public async Task A_reference_that_was_asked_for_is_the_callers_and_what_came_beside_it_is_released()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var objects = await session.OpenAsync<INamedObjects>(INamedObjects.Name, Cancelled);
        server.Replies.Enqueue(("""{"result": ""}""", Along));
        var created = await objects.Service.CreateAsync("Echo", "x", cancellationToken: Cancelled);
        Assert.Equal([-6], Released(server));
        await created.DisposeAsync();
        Assert.Equal([-6, -5], Released(server));
    }

    private static IEnumerable<int> Released(ScriptedServer server) =>
        server.Requests.OfType<ReleaseRequest>().Select(request => ((ExportTicket)Protocol.Ticket.Parse(request.Id.Ticket_.Span)).Id);
}

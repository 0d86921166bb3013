using System.Security.Cryptography;
using Grpc.Core;

namespace Wharf.Conformance.Tests;

public abstract class SharedTickets(ConformanceServer server)
{
    [Fact]
    public async Task Every_session_that_knows_the_bytes_gets_the_object_at_once()
    {
        await using Session publisher = await server.LoginAsync(), other = await server.LoginAsync("Anonymous");
        var shared = Session.NewShared();
        await publisher.EmptyTableAsync(Session.Export(1));
        Is(StatusCode.OK, await publisher.PublishAsync(Session.Export(1), shared));
        Is(StatusCode.OK, await other.DescribeAsync(shared));
        Is(StatusCode.OK, await other.ExportAsync(shared, Session.Export(1)));
        Is(StatusCode.OK, await other.UpdateAsync(shared, Session.Export(2)));
        Is(StatusCode.FailedPrecondition, await other.ReleaseAsync(shared));
    }

    [Fact]
    public async Task Only_exports_are_published_and_each_ticket_once()
    {
        await using Session publisher = await server.LoginAsync(), other = await server.LoginAsync();
        var shared = Session.NewShared();
        await publisher.EmptyTableAsync(Session.Export(1));
        await other.EmptyTableAsync(Session.Export(1));
        Is(StatusCode.FailedPrecondition, await publisher.PublishAsync(Session.Scope("echo"), shared));
        Is(StatusCode.OK, await publisher.PublishAsync(Session.Export(1), shared));
        Is(StatusCode.AlreadyExists, await publisher.PublishAsync(Session.Export(1), shared));
        Is(StatusCode.AlreadyExists, await other.PublishAsync(Session.Export(1), shared));
        Is(StatusCode.FailedPrecondition, await publisher.PublishAsync(shared, Session.NewShared()));
    }

    [Fact]
    public async Task It_is_published_before_its_source_is_there_and_waits_for_it()
    {
        await using Session publisher = await server.LoginAsync(), other = await server.LoginAsync();
        var shared = Session.NewShared();
        Is(StatusCode.OK, await publisher.PublishAsync(Session.Export(1), shared));
        var fetch = other.ExportAsync(shared, Session.Export(1));
        await publisher.EmptyTableAsync(Session.Export(1));
        Is(StatusCode.OK, await fetch);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_fetched_object_survives_its_publisher_and_the_ticket_does_not(bool byRelease)
    {
        await using Session publisher = await server.LoginAsync(), other = await server.LoginAsync();
        var shared = Session.NewShared();
        await publisher.ExportAsync(Session.Scope("echo"), Session.Export(1));
        await publisher.PublishAsync(Session.Export(1), shared);
        await other.ExportAsync(shared, Session.Export(1));
        Is(StatusCode.OK, byRelease ? await publisher.ReleaseAsync(Session.Export(1)) : await publisher.CloseAsync());
        Is(StatusCode.NotFound, await other.ExportAsync(shared, Session.Export(2)));
        Is(StatusCode.NotFound, await other.DescribeAsync(shared));
        using var stream = other.MessageStream();
        await stream.RequestStream.WriteAsync(Session.Connect(Session.Export(1), "Echo"));
        Assert.Empty((await Answer.NextAsync(stream.ResponseStream)).Data.Payload);
        Is(StatusCode.OK, await other.PublishAsync(Session.Export(1), shared));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_fetch_that_waits_fails_when_the_publisher_gives_up(bool byRelease)
    {
        await using Session publisher = await server.LoginAsync(), other = await server.LoginAsync();
        var shared = Session.NewShared();
        await publisher.PublishAsync(Session.Export(1), shared);
        var fetch = other.ExportAsync(shared, Session.Export(1));
        Is(StatusCode.OK, byRelease ? await publisher.ReleaseAsync(Session.Export(1)) : await publisher.CloseAsync());
        Is(StatusCode.NotFound, await fetch);
    }

    [Fact]
    public async Task A_fetcher_that_leaves_takes_nothing_with_it()
    {
        await using Session publisher = await server.LoginAsync(), other = await server.LoginAsync();
        var first = await server.LoginAsync();
        var shared = Session.NewShared();
        await publisher.EmptyTableAsync(Session.Export(1));
        await publisher.PublishAsync(Session.Export(1), shared);
        await first.ExportAsync(shared, Session.Export(1));
        await first.CloseAsync();
        Is(StatusCode.OK, await other.ExportAsync(shared, Session.Export(1)));
        Is(StatusCode.OK, await other.ReleaseAsync(Session.Export(1)));
        Is(StatusCode.OK, await other.ExportAsync(shared, Session.Export(2)));
    }

    [Fact]
    public async Task A_published_failure_is_told_as_it_is()
    {
        await using Session publisher = await server.LoginAsync(), other = await server.LoginAsync();
        var shared = Session.NewShared();
        await publisher.EmptyTableAsync(Session.Export(1));
        await publisher.FailWithStatusAsync(Session.Export(1), Session.Export(2));
        Is(StatusCode.OK, await publisher.PublishAsync(Session.Export(2), shared));
        Assert.Equal("FailedPrecondition: column(s) not found: Nope", (await other.ExportAsync(shared, Session.Export(1))).ToString());
    }

    [Fact]
    public async Task Its_bytes_are_any_up_to_the_limit()
    {
        await using var session = await server.LoginAsync();
        await session.EmptyTableAsync(Session.Export(1));
        Is(StatusCode.OK, await session.PublishAsync(Session.Export(1), Session.TicketOf([(byte)'h', .. RandomNumberGenerator.GetBytes(4095)])));
        Is(StatusCode.ResourceExhausted, await session.PublishAsync(Session.Export(1), Session.TicketOf([(byte)'h', .. RandomNumberGenerator.GetBytes(4096)])));
    }

    [Fact]
    public async Task A_scope_variable_is_overwritten_and_outlives_its_session()
    {
        await using var other = await server.LoginAsync();
        var session = await server.LoginAsync();
        var variable = Session.NewScope();
        await session.EmptyTableAsync(Session.Export(1), 1);
        await session.EmptyTableAsync(Session.Export(2), 2);
        Is(StatusCode.OK, await session.PublishAsync(Session.Export(1), variable));
        Is(StatusCode.OK, await session.PublishAsync(Session.Export(2), variable));
        await session.CloseAsync();
        Assert.Equal(2, (await other.Tables.GetExportedTableCreationResponseAsync(variable, other.Headers)).Size);
    }

    private static void Is(StatusCode code, Answer answer) => Assert.True(code == answer.Code, $"{answer} instead of {code}");
}

using Grpc.Core;
using Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Tests;

/// <summary>Calls whose session is checked by the submission return the same token and status as other calls.</summary>
public sealed class DeferredSessionChecks(Server server) : IClassFixture<Server>
{
    private static readonly Dictionary<string, Func<TestSession, Metadata, AsyncCall>> Calls = new()
    {
        ["EmptyTable"] = (session, headers) => Of(session.Tables.EmptyTableAsync(new() { ResultId = TestSession.Export(51), Size = 1 }, headers)),
        ["Update"] = (session, headers) => Of(session.Tables.UpdateAsync(new() { ResultId = TestSession.Export(51), SourceId = Source(50), ColumnSpecs = { "X = i" } }, headers)),
        ["UnstructuredFilter"] = (session, headers) =>
            Of(session.Tables.UnstructuredFilterAsync(new() { ResultId = TestSession.Export(51), SourceId = Source(50), Filters = { "i == 0" } }, headers)),
        ["ExportFromTicket"] = (session, headers) =>
            Of(session.Sessions.ExportFromTicketAsync(new() { SourceId = TestSession.Export(50), ResultId = TestSession.Export(51) }, headers)),
    };

    public static TheoryData<string> Names => [.. Calls.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task They_tell_the_current_token(string name)
    {
        using var session = await server.LoginAsync();
        await session.EmptyTableAsync(50, 1);

        var call = Calls[name](session, session.Headers);

        await call.End;
        Assert.Equal(session.Authorization, (await call.Headers).GetValue("authorization"));
    }

    [Theory]
    [InlineData("Z = )", StatusCode.InvalidArgument)]
    [InlineData(null, StatusCode.FailedPrecondition)]
    public async Task They_tell_it_when_they_are_refused_too(string? formula, StatusCode code)
    {
        using var session = await server.LoginAsync();
        await session.EmptyTableAsync(50, 1);
        var refused = formula is null
            ? new SelectOrUpdateRequest { ResultId = TestSession.Export(51), SourceId = new() { BatchOffset = 0 } }
            : new SelectOrUpdateRequest { ResultId = TestSession.Export(51), SourceId = Source(50), ColumnSpecs = { formula } };

        var call = Of(session.Tables.UpdateAsync(refused, session.Headers));

        await Failures.IsAsync(code, call.End);
        Assert.Equal(session.Authorization, (await call.Headers).GetValue("authorization"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Those_of_a_session_that_has_ended_are_refused_as_any_other_call_is(string name)
    {
        using var session = await server.LoginAsync();
        await session.EmptyTableAsync(50, 1);
        await session.CloseAsync();

        var other = await Failures.OfAsync(session.Tables.GetExportedTableCreationResponseAsync(TestSession.Export(50), session.Headers));
        var failure = await Failures.OfAsync(Calls[name](session, session.Headers).End);

        Assert.Equal((StatusCode.Unauthenticated, other.Status.Detail), (failure.StatusCode, failure.Status.Detail));
    }

    [Fact]
    public async Task That_a_session_has_ended_comes_before_what_else_is_wrong()
    {
        using var session = await server.LoginAsync();
        await session.EmptyTableAsync(50, 1);
        await Failures.IsAsync(StatusCode.FailedPrecondition, session.Tables.EmptyTableAsync(new() { Size = 1 }, session.Headers));
        await session.CloseAsync();
        await Failures.IsAsync(StatusCode.Unauthenticated, session.Tables.EmptyTableAsync(new() { Size = 1 }, session.Headers));
    }

    [Fact]
    public async Task A_token_that_nobody_signed_is_no_way_in()
    {
        using var session = await server.LoginAsync();
        await session.EmptyTableAsync(50, 1);
        var headers = new Metadata { { "authorization", session.Authorization[..^8] + "AAAAAAAA" } };
        foreach (var call in Calls.Values)
            await Failures.IsAsync(StatusCode.Unauthenticated, call(session, headers).End);
    }

    private static TableReference Source(int id) => new() { Ticket = TestSession.Export(id) };

    private static AsyncCall Of<T>(AsyncUnaryCall<T> call) => new(call.ResponseHeadersAsync, call.ResponseAsync);

    private sealed record AsyncCall(Task<Metadata> Headers, Task End);
}

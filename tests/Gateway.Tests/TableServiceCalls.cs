using Google.Protobuf;
using Grpc.Core;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;
using StatusCode = Grpc.Core.StatusCode;
using Ticket = Wharf.Protocol.Grpc.Ticket;

namespace Wharf.Gateway.Tests;

/// <summary>TableService.</summary>
public sealed class TableServiceCalls(Server server) : IClassFixture<Server>
{
    [Fact]
    public async Task The_checks_come_in_their_order()
    {
        using var session = await server.LoginAsync();
        var none = await Failures.OfAsync(session.Tables.EmptyTableAsync(new EmptyTableRequest { Size = -1 }, session.Headers));
        Assert.Equal((StatusCode.FailedPrecondition, StatusTexts.NoResultTicketSupplied), (none.StatusCode, none.Status.Detail));
        await Is(StatusCode.FailedPrecondition, new EmptyTableRequest { ResultId = new Ticket { Ticket_ = ByteString.CopyFromUtf8("x") }, Size = -1 });
        await Is(StatusCode.InvalidArgument, new EmptyTableRequest { ResultId = TestSession.Scope("x"), Size = -1 });
        await Is(StatusCode.FailedPrecondition, new EmptyTableRequest { ResultId = TestSession.Scope("x"), Size = 1 });
        await Is(StatusCode.InvalidArgument, new EmptyTableRequest { ResultId = TestSession.Export(0), Size = 1 });
        await Is(StatusCode.InvalidArgument, new EmptyTableRequest { ResultId = TestSession.Export(5), Size = -1 });
        Assert.True((await session.EmptyTableAsync(5, 1)).Success);
        await Is(StatusCode.InvalidArgument, new EmptyTableRequest { ResultId = TestSession.Export(5), Size = 1 });
        Task Is(StatusCode code, EmptyTableRequest request) => Failures.IsAsync(code, session.Tables.EmptyTableAsync(request, session.Headers));
    }

    [Fact]
    public async Task A_batch_is_looked_at_before_its_session()
    {
        using var channel = server.Connect();
        var tables = new TableService.TableServiceClient(channel);
        await Is(StatusCode.InvalidArgument, new BatchTableRequest());
        await Is(StatusCode.InvalidArgument, new BatchTableRequest { Ops = { new BatchTableRequest.Types.Operation() } });
        await Is(StatusCode.InvalidArgument, BatchTableRequest.Parser.ParseFrom([0x98, 0x06, 0x01]));
        await Is(StatusCode.Unauthenticated, new BatchTableRequest { Ops = { new BatchTableRequest.Types.Operation { EmptyTable = new() } } });
        async Task Is(StatusCode code, BatchTableRequest request)
        {
            using var call = tables.Batch(request);
            await Failures.IsAsync(code, call.ResponseStream.MoveNext(CancellationToken.None));
        }
    }

    [Fact]
    public async Task A_batch_answers_for_every_operation_and_ends_with_the_first_failure()
    {
        using var session = await server.LoginAsync();
        var request = new BatchTableRequest
        {
            Ops =
            {
                new BatchTableRequest.Types.Operation { EmptyTable = new() { Size = 3 } },
                new BatchTableRequest.Types.Operation
                {
                    Update = new() { SourceId = new() { BatchOffset = 0 }, ResultId = TestSession.Export(1), ColumnSpecs = { "A = i" } },
                },
                new BatchTableRequest.Types.Operation
                {
                    SelectDistinct = new() { SourceId = new() { BatchOffset = 1 }, ResultId = TestSession.Export(2), ColumnNames = { "Nope" } },
                },
            },
        };
        using var call = session.Tables.Batch(request, session.Headers);
        var answers = new List<ExportedTableCreationResponse>();
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
                answers.Add(call.ResponseStream.Current);
        });
        Assert.Equal((StatusCode.FailedPrecondition, "column(s) not found: Nope"), (failure.StatusCode, failure.Status.Detail));
        Assert.Equal([0, 1, 2], answers.Select(answer => answer.ResultId.RefCase == TableReference.RefOneofCase.BatchOffset ? 0 : answer.ResultId.Ticket.Ticket_[1]).Order());
        Assert.False(answers.Single(answer => !answer.Success).IsStatic);
    }

    [Fact]
    public async Task Updates_tell_of_every_table_export()
    {
        using var session = await server.LoginAsync();
        await session.EmptyTableAsync(1, 7);
        using var updates = session.Tables.ExportedTableUpdates(new(), session.Headers);
        var first = await updates.ResponseStream.NextAsync();
        Assert.Equal((TestSession.Bytes(1), 7), (first.ExportId.Ticket_, first.Size));
        await session.EmptyTableAsync(2, 8);
        Assert.Equal(8, (await updates.ResponseStream.NextAsync()).Size);
    }

    [Fact]
    public async Task A_description_echoes_the_ticket_that_was_asked_about()
    {
        using var session = await server.LoginAsync();
        await session.EmptyTableAsync(1, 7);
        var shared = new Ticket { Ticket_ = ByteString.CopyFromUtf8("hsecret") };
        await session.Sessions.PublishFromTicketAsync(new PublishRequest { SourceId = TestSession.Export(1), ResultId = shared }, session.Headers);
        using var other = await server.LoginAsync();
        var described = await other.Tables.GetExportedTableCreationResponseAsync(shared, other.Headers);
        Assert.Equal((shared, 7), (described.ResultId.Ticket, described.Size));
        await Failures.IsAsync(StatusCode.AlreadyExists, session.Sessions.PublishFromTicketAsync(
            new PublishRequest { SourceId = TestSession.Export(1), ResultId = shared }, session.Headers));
        await Failures.IsAsync(StatusCode.FailedPrecondition, other.Tables.GetExportedTableCreationResponseAsync(new Ticket(), other.Headers));
        await Failures.IsAsync(StatusCode.FailedPrecondition, other.Tables.GetExportedTableCreationResponseAsync(TestSession.Scope("echo"), other.Headers));
    }

    [Fact]
    public async Task What_is_not_served_is_named()
    {
        using var session = await server.LoginAsync();
        var failure = await Failures.OfAsync(session.Tables.SeekRowAsync(new SeekRowRequest(), session.Headers));
        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
        Assert.Contains("SeekRow", failure.Status.Detail, StringComparison.Ordinal);
        using var channel = server.Connect();
        await Failures.IsAsync(StatusCode.Unauthenticated, new TableService.TableServiceClient(channel).SeekRowAsync(new SeekRowRequest()));
    }
}

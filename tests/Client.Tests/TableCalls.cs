using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using Google.Protobuf;
using Grpc.Core;
using Wharf.Protocol;
using Wharf.Protocol.Grpc;
using Wharf.Tables;

namespace Wharf.Client.Tests;

public sealed class TableCalls
{
    private static readonly Schema Numbers = new Schema.Builder()
        .Field(field => field.Name("X").DataType(Int32Type.Default).Nullable(true))
        .Field(field => field.Name("S").DataType(StringType.Default).Nullable(true))
        .Build();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_operation_is_the_call_of_its_name()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        var empty = await session.EmptyTableAsync(10, Cancelled);
        Assert.Equal((1, 10L, true), (empty.Ticket.Id, empty.Size, empty.IsStatic));
        string[] formulas = ["X = i", "Y = X * 2"];
        var results = new[]
        {
            await empty.UpdateAsync(formulas, Cancelled),
            await empty.LazyUpdateAsync(formulas, Cancelled),
            await empty.ViewAsync(formulas, Cancelled),
            await empty.UpdateViewAsync(formulas, Cancelled),
            await empty.SelectAsync(formulas, Cancelled),
            await empty.SelectDistinctAsync(["X"], Cancelled),
            await empty.WhereAsync(["X > 1", "X < 3"], Cancelled),
            await empty.FilterAsync([new Tables.IsNullCondition("X")], Cancelled),
            await empty.FetchAsync(Cancelled),
        };
        Assert.Equal(Enumerable.Range(2, 9), results.Select(table => table.Ticket.Id));
        Assert.Equal(
            ["GetConfigurationConstants", "EmptyTable", "Update", "LazyUpdate", "View", "UpdateView", "Select", "SelectDistinct", "UnstructuredFilter", "Filter", "FetchTable"],
            (await server.TakeCallsAsync(11)).Select(call => call.Call));
        Assert.Equal(["X > 1", "X < 3"], Assert.Single(server.Requests.OfType<UnstructuredFilterTableRequest>()).Filters);
        Assert.Equal("X", Assert.Single(Assert.Single(server.Requests.OfType<FilterTableRequest>()).Filters).IsNull.Reference.ColumnName);
        Assert.All(server.Requests.OfType<SelectOrUpdateRequest>(), request =>
        {
            Assert.Equal(formulas, request.ColumnSpecs);
            Assert.Equal(empty.Ticket, Protocol.Ticket.Parse(request.SourceId.Ticket.Ticket_.Span));
        });
        Assert.Equal(["X"], Assert.Single(server.Requests.OfType<SelectDistinctRequest>()).ColumnNames);
    }

    [Fact]
    public async Task A_table_that_has_another_name_is_held_by_an_export_of_its_own()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        var named = await session.OpenTableAsync(new ScopeTicket("t"), Cancelled);
        var exported = await session.OpenTableAsync(new ExportTicket(-1), Cancelled);
        Assert.Equal((1, -1), (named.Ticket.Id, exported.Ticket.Id));
        Assert.Equal(new ScopeTicket("t"), Protocol.Ticket.Parse(Assert.Single(server.Requests.OfType<FetchTableRequest>()).SourceId.Ticket.Ticket_.Span));
        await named.DisposeAsync();
        await exported.DisposeAsync();
        Assert.Equal([1, -1], server.Requests.OfType<ReleaseRequest>().Select(request => ((ExportTicket)Protocol.Ticket.Parse(request.Id.Ticket_.Span)).Id));
    }

    [Fact]
    public async Task A_table_can_be_disposed_of_after_its_session()
    {
        await using var server = await ScriptedServer.StartAsync();
        var session = await server.ConnectAsync();
        var table = await session.EmptyTableAsync(1, Cancelled);
        await session.CloseAsync(Cancelled);
        await table.DisposeAsync();
        Assert.Empty(server.Requests.OfType<ReleaseRequest>());
    }

    [Fact]
    public async Task An_operation_with_the_wrong_tables_or_with_parameters_is_refused_before_it_is_sent()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => session.ComputeAsync(new FetchTable(), [], Cancelled));
        var parameters = new Dictionary<string, FormulaParameter> { ["a"] = FormulaParameter.From(1) };
        await Assert.ThrowsAsync<ArgumentException>(() => session.ComputeAsync(
            new SelectOrUpdate(SelectKind.Update, ["X = a"]) { Parameters = parameters }, [new ExportTicket(1)], Cancelled));
        await Assert.ThrowsAsync<ArgumentException>(() => session.ComputeAsync(new UnstructuredFilter(["X = a"]) { Parameters = parameters }, [new ExportTicket(1)], Cancelled));
        await Assert.ThrowsAsync<ArgumentException>(() => session.ComputeAsync(
            new Filter([new Tables.CompareCondition(CompareOperator.Equal, new ColumnOperand("S"), new LiteralOperand(FormulaParameter.From(null)))]), [new ExportTicket(1)], Cancelled));
        Assert.Equal(["GetConfigurationConstants"], server.Requests.Select(request => request.GetType().Name.Replace("ConfigurationConstantsRequest", "GetConfigurationConstants")));
    }

    [Fact]
    public Task An_uploaded_table_is_downloaded_unchanged() =>
        Gen.Int.Nullable().Array[0, 20].List[0, 4].SampleAsync(async columns =>
        {
            await using var server = await ScriptedServer.StartAsync();
            await using var session = await server.ConnectAsync();
            await using var table = await session.ImportAsync(Numbers, columns.Select(Batch), Cancelled);
            var batches = await table.ToArrowAsync(Cancelled);
            Assert.Equal(["X", "S"], table.Schema.FieldsList.Select(field => field.Name));
            Assert.Equal(columns.SelectMany(values => values), batches.SelectMany(batch => (Int32Array)batch.Column(0)));
            Assert.Equal(
                columns.SelectMany(values => values).Select(value => value?.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                batches.SelectMany(batch => (IEnumerable<string?>)(StringArray)batch.Column(1)));
        }, iter: 20, threads: 1);

    [Fact]
    public async Task An_upload_that_the_server_refuses_ends_with_its_error()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        var schema = new Schema.Builder().Field(field => field.Name("refused").DataType(Int32Type.Default)).Build();
        var error = await Assert.ThrowsAsync<WharfException>(() => session.ImportAsync(schema, Endless(schema), Cancelled));
        Assert.Equal("as asked", error.Status.Detail);
    }

    [Fact]
    public async Task An_upload_whose_rows_cannot_be_made_ends_with_that_error()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        var error = await Assert.ThrowsAsync<FormatException>(() => session.ImportAsync(Numbers, Failing(), Cancelled));
        Assert.Equal("no rows", error.Message);
        Assert.Empty(server.Tables);
    }

    private static RecordBatch Batch(int?[] values)
    {
        var numbers = new Int32Array.Builder();
        var texts = new StringArray.Builder();
        foreach (var value in values)
        {
            numbers.Append(value);
            texts.Append(value?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        return new(Numbers, [numbers.Build(), texts.Build()], values.Length);
    }

    private static IEnumerable<RecordBatch> Endless(Schema schema)
    {
        while (true)
            yield return new(schema, [new Int32Array.Builder().Append(1).Build()], 1);
    }

    private static IEnumerable<RecordBatch> Failing()
    {
        yield return Batch([1]);
        throw new FormatException("no rows");
    }
}

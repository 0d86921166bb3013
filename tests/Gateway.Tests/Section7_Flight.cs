using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Google.Protobuf;
using Grpc.Core;
using Wharf.Protocol.Grpc;
using Wharf.Protocol.Grpc.Flight;
using FlightTicket = Wharf.Protocol.Grpc.Flight.Ticket;
using StatusCode = Grpc.Core.StatusCode;

namespace Wharf.Gateway.Tests;

/// <summary>behaviour.md 7.1 to 7.6: Arrow Flight.</summary>
public sealed class Section7_Flight(Server server) : IClassFixture<Server>
{
    [Fact]
    public async Task A_table_goes_up_and_comes_down_as_it_was()
    {
        using var session = await server.LoginAsync();
        var sent = Batch(10_000);
        Assert.Equal(2, await PutAsync(session, 1, sent, sent));
        var described = await session.Tables.GetExportedTableCreationResponseAsync(TestSession.Export(1), session.Headers);
        Assert.Equal(20_000, described.Size);

        var batches = await GetAsync(session, TestSession.Bytes(1));
        Assert.Equal(20_000, batches.Sum(batch => batch.Length));
        var numbers = batches.SelectMany(batch => ((Int64Array)batch.Column("Number")).ToList(includeNulls: true)).ToList();
        var texts = batches.SelectMany(batch => (IEnumerable<string?>)(StringArray)batch.Column("Text")).ToList();
        for (int row = 0; row < 20_000; row++)
        {
            Assert.Equal(row % 10_000 % 7 == 0 ? null : row % 10_000, numbers[row]);
            Assert.Equal("row " + row % 10_000, texts[row]);
        }
    }

    [Fact]
    public async Task A_computed_table_comes_down()
    {
        using var session = await server.LoginAsync();
        await session.EmptyTableAsync(1, 50_000);
        await session.Tables.UpdateAsync(
            new SelectOrUpdateRequest { SourceId = new() { Ticket = TestSession.Export(1) }, ResultId = TestSession.Export(2), ColumnSpecs = { "X = i * 2" } }, session.Headers);
        var batches = await GetAsync(session, TestSession.Bytes(2));
        Assert.Equal(Enumerable.Range(0, 50_000).Select(row => (int?)row * 2), batches.SelectMany(batch => ((Int32Array)batch.Column("X")).ToList()));
    }

    [Fact]
    public async Task A_table_without_rows_is_its_schema_alone()
    {
        using var session = await server.LoginAsync();
        Assert.Equal(0, await PutAsync(session, 1, Batch(0).Schema));
        using var call = session.Flights.DoGet(new FlightTicket { Ticket_ = TestSession.Bytes(1) }, session.Headers);
        Assert.Empty((await call.ResponseStream.NextAsync()).DataBody);
        await call.ResponseStream.EndsAsync();
    }

    [Fact]
    public async Task A_table_is_described_by_its_path()
    {
        using var session = await server.LoginAsync();
        await session.EmptyTableAsync(1, 5);
        var path = Path("export", "1");
        var info = await session.Flights.GetFlightInfoAsync(path, session.Headers);
        Assert.Equal((5, -1), (info.TotalRecords, info.TotalBytes));
        Assert.Equal(path, info.FlightDescriptor);
        Assert.Equal(TestSession.Bytes(1), Assert.Single(info.Endpoint).Ticket.Ticket_);
        Assert.Equal(info.Schema, (await session.Flights.GetSchemaAsync(path, session.Headers)).Schema);
        Assert.Equal(info.Schema, (await session.Tables.GetExportedTableCreationResponseAsync(TestSession.Export(1), session.Headers)).SchemaHeader);
    }

    [Fact]
    public async Task What_is_no_table_is_told_apart()
    {
        using var session = await server.LoginAsync();
        await Failures.IsAsync(StatusCode.NotFound, session.Flights.GetFlightInfoAsync(Path("scope", "echo"), session.Headers));
        await Failures.IsAsync(StatusCode.NotFound, session.Flights.GetFlightInfoAsync(Path("scope", "nothing"), session.Headers));
        await Failures.IsAsync(StatusCode.FailedPrecondition, session.Flights.GetFlightInfoAsync(new FlightDescriptor(), session.Headers));
        await Failures.IsAsync(StatusCode.InvalidArgument, session.Flights.GetSchemaAsync(Path("shared", "xyz"), session.Headers));
        await IsGet(session, ByteString.Empty, StatusCode.InvalidArgument);
        await IsGet(session, ByteString.CopyFromUtf8("s/echo"), StatusCode.FailedPrecondition);
        await IsGet(session, ByteString.CopyFromUtf8("s/nothing"), StatusCode.NotFound);
        await Failures.IsAsync(StatusCode.Unauthenticated, session.Flights.GetSchemaAsync(Path("export", "1")));
    }

    [Fact]
    public async Task An_upload_into_the_scope_is_listed()
    {
        using var session = await server.LoginAsync();
        await PutAsync(session, Path("scope", "uploaded"), Batch(3).Schema, Batch(3));
        using var call = session.Flights.ListFlights(new Criteria(), session.Headers);
        var names = new List<string>();
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
            names.Add(string.Join('/', call.ResponseStream.Current.FlightDescriptor.Path));
        Assert.Contains("scope/uploaded", names);
        using var refused = session.Flights.ListFlights(new Criteria { Expression = ByteString.CopyFromUtf8("x") }, session.Headers);
        await Failures.IsAsync(StatusCode.InvalidArgument, refused.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task An_upload_that_goes_wrong_is_told_and_so_is_whoever_waits_for_it()
    {
        using var session = await server.LoginAsync();
        var waiting = session.Tables.GetExportedTableCreationResponseAsync(TestSession.Export(1), session.Headers);
        using var put = session.Flights.DoPut(session.Headers);
        await put.RequestStream.WriteAsync(new FlightData { FlightDescriptor = Path("export", "1"), DataHeader = ByteString.CopyFromUtf8("nonsense") });
        await Failures.IsAsync(StatusCode.InvalidArgument, put.ResponseStream.MoveNext(CancellationToken.None));
        await Failures.IsAsync(StatusCode.InvalidArgument, waiting);
    }

    [Theory]
    [InlineData(StatusCode.FailedPrecondition, "shared", "ab")]
    [InlineData(StatusCode.FailedPrecondition, "app", "demo", "field", "x")]
    [InlineData(StatusCode.InvalidArgument, "export", "-1")]
    public async Task Not_everything_can_be_uploaded_to(StatusCode code, params string[] path)
    {
        using var session = await server.LoginAsync();
        using var put = session.Flights.DoPut(session.Headers);
        await put.RequestStream.WriteAsync(new FlightData { FlightDescriptor = Path(path) });
        await Failures.IsAsync(code, put.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task What_is_not_served_says_what_to_use()
    {
        using var session = await server.LoginAsync();
        using var exchange = session.Flights.DoExchange(session.Headers);
        var failure = await Failures.OfAsync(exchange.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
        Assert.Contains("DoGet", failure.Status.Detail, StringComparison.Ordinal);
    }

    private static async Task IsGet(TestSession session, ByteString ticket, StatusCode code)
    {
        using var call = session.Flights.DoGet(new FlightTicket { Ticket_ = ticket }, session.Headers);
        await Failures.IsAsync(code, call.ResponseStream.MoveNext(CancellationToken.None));
    }

    private static FlightDescriptor Path(params string[] path)
    {
        var descriptor = new FlightDescriptor { Type = FlightDescriptor.Types.DescriptorType.Path };
        descriptor.Path.AddRange(path);
        return descriptor;
    }

    private static RecordBatch Batch(int rows)
    {
        var numbers = new Int64Array.Builder();
        var texts = new StringArray.Builder();
        for (int row = 0; row < rows; row++)
        {
            if (row % 7 == 0)
                numbers.AppendNull();
            else
                numbers.Append(row);
            texts.Append("row " + row);
        }
        var schema = new Schema([new Field("Number", Int64Type.Default, true), new Field("Text", StringType.Default, true)], null);
        return new RecordBatch(schema, [numbers.Build(), texts.Build()], rows);
    }

    private static Task<int> PutAsync(TestSession session, int id, params RecordBatch[] batches) => PutAsync(session, Path("export", $"{id}"), batches[0].Schema, batches);

    private static Task<int> PutAsync(TestSession session, int id, Schema schema) => PutAsync(session, Path("export", $"{id}"), schema);

    private static async Task<int> PutAsync(TestSession session, FlightDescriptor path, Schema schema, params RecordBatch[] batches)
    {
        using var stream = new MemoryStream();
        using (var writer = new ArrowStreamWriter(stream, schema, leaveOpen: true))
        {
            writer.WriteStart();
            foreach (var batch in batches)
                writer.WriteRecordBatch(batch);
        }
        using var put = session.Flights.DoPut(session.Headers);
        bool isFirst = true;
        foreach (var data in Messages(stream.ToArray()))
        {
            if (isFirst)
                data.FlightDescriptor = path;
            isFirst = false;
            await put.RequestStream.WriteAsync(data);
        }
        await put.RequestStream.CompleteAsync();
        int results = 0;
        while (await put.ResponseStream.MoveNext(CancellationToken.None))
            results++;
        return results;
    }

    private static IEnumerable<FlightData> Messages(byte[] stream)
    {
        for (int at = 0; at < stream.Length;)
        {
            int length = BitConverter.ToInt32(stream, at + 4);
            if (length == 0)
                yield break;
            var header = stream.AsMemory(at + 8, length);
            int body = (int)Flight.IpcMessages.Read(header.Span).BodyLength;
            yield return new FlightData
            {
                DataHeader = ByteString.CopyFrom(header.Span),
                DataBody = ByteString.CopyFrom(stream.AsSpan(at + 8 + length, body)),
            };
            at += 8 + length + body;
        }
    }

    private static async Task<List<RecordBatch>> GetAsync(TestSession session, ByteString ticket)
    {
        using var call = session.Flights.DoGet(new FlightTicket { Ticket_ = ticket }, session.Headers);
        using var stream = new MemoryStream();
        var prefix = new byte[8];
        await foreach (var data in call.ResponseStream.ReadAllAsync())
        {
            Flight.IpcMessages.WritePrefix(prefix, data.DataHeader.Length);
            stream.Write(prefix);
            stream.Write(data.DataHeader.Span);
            stream.Write(new byte[Flight.IpcMessages.Pad(data.DataHeader.Length) - data.DataHeader.Length]);
            stream.Write(data.DataBody.Span);
        }
        stream.Position = 0;
        var reader = new ArrowStreamReader(stream);
        var batches = new List<RecordBatch>();
        while (await reader.ReadNextRecordBatchAsync() is { } batch)
            batches.Add(batch);
        return batches;
    }
}

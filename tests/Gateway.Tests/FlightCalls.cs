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

/// <summary>Arrow Flight, in process.</summary>
public sealed class FlightCalls(Server server) : IClassFixture<Server>
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

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    public async Task Dictionaries_go_up_before_the_batches_that_need_them(int rows)
    {
        using var session = await server.LoginAsync();
        var words = new StringArray.Builder().Append("up").AppendNull().Append("down").Build();
        var places = new Int32Array.Builder().AppendRange(Enumerable.Range(0, rows).Select(row => row % 3)).Build();
        var column = new DictionaryArray(new DictionaryType(Int32Type.Default, StringType.Default, ordered: false), places, words);
        var batch = new RecordBatch(new Schema([new Field("Word", column.Data.DataType, true)], null), [column], rows);
        Assert.Equal(3, await PutAsync(session, 1, batch, batch, batch));

        var came = (await GetAsync(session, TestSession.Bytes(1))).SelectMany(part => (IEnumerable<string?>)(StringArray)part.Column("Word"));
        Assert.Equal(Enumerable.Range(0, 3 * rows).Select(row => (row % rows % 3) switch { 0 => "up", 1 => null, _ => "down" }), came);
    }

    [Fact]
    public async Task DoGet_returns_the_type_metadata_and_nullability_of_an_upload()
    {
        using var session = await server.LoginAsync();
        var field = new Field(
            "Time", new TimestampType(TimeUnit.Second, "Asia/Tokyo"), nullable: false, [new("unit", "s"), new("deephaven:description", "A time")]);
        var times = new TimestampArray.Builder((TimestampType)field.DataType).Append(DateTimeOffset.FromUnixTimeSeconds(3600)).Build();
        var batch = new RecordBatch(new Schema([field], [new("deephaven:attribute.Foo", "bar")]), [times], 1);
        Assert.Equal(1, await PutAsync(session, 1, batch));

        var schema = (await GetAsync(session, TestSession.Bytes(1))).Single().Schema;
        var came = schema.GetFieldByName("Time");
        Assert.Equal(("Asia/Tokyo", TimeUnit.Second), (((TimestampType)came.DataType).Timezone, ((TimestampType)came.DataType).Unit));
        Assert.False(came.IsNullable);
        Assert.Equal(("s", "A time"), (came.Metadata["unit"], came.Metadata["deephaven:description"]));
        Assert.Equal("bar", schema.Metadata["deephaven:attribute.Foo"]);
        Assert.Equal("true", schema.Metadata["deephaven:attribute.IsFlat"]);
    }

    [Fact]
    public async Task Batches_of_any_length_keep_what_they_hold()
    {
        using var session = await server.LoginAsync();
        // A long body lies where it was copied to from the connection, a short one is copied once more: both sides of that, and its edge.
        int[] lengths = [1, 63, 7_000, 7_500, 8_000, 8_192, 50_000];
        await PutAsync(session, 1, [.. lengths.Select(Batch)]);
        var came = (await GetAsync(session, TestSession.Bytes(1))).SelectMany(batch => ((Int64Array)batch.Column("Number")).ToList(includeNulls: true));
        Assert.Equal(lengths.SelectMany(rows => ((Int64Array)Batch(rows).Column("Number")).ToList(includeNulls: true)), came);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_comes_once_is_not_kept_with_every_batch(bool isDictionary)
    {
        const int Large = 1_000_000, Batches = 500;
        using var session = await server.LoginAsync();
        RecordBatch batch;
        if (isDictionary)
        {
            var column = new DictionaryArray(
                new DictionaryType(Int32Type.Default, StringType.Default, ordered: false),
                new Int32Array.Builder().Append(1).Build(),
                new StringArray.Builder().Append(new string('x', Large)).Append("y").Build());
            batch = new RecordBatch(new Schema([new Field("Word", column.Data.DataType, true)], null), [column], 1);
        }
        else
        {
            var field = new Field("Number", Int64Type.Default, true, new Dictionary<string, string> { ["note"] = new string('x', Large) });
            batch = new RecordBatch(new Schema([field], null), [new Int64Array.Builder().Append(1).Build()], 1);
        }
        var messages = Messages(Stream(batch.Schema, [.. Enumerable.Repeat(batch, Batches)])).ToList();

        long before = GC.GetTotalAllocatedBytes(precise: true);
        Assert.Equal(Batches, await PutAsync(session, Path("export", "1"), messages));
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, Large, 100L * Large);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(20_000)]
    public async Task An_upload_with_broken_headers_is_refused_or_read_and_harms_nothing(int rows)
    {
        using var session = await server.LoginAsync();
        var whole = Messages(Stream(Batch(rows).Schema, Batch(rows))).ToArray();
        var random = new Random(rows);
        int refused = 0;
        for (int id = 1; id <= 300; id++)
        {
            var broken = whole.Select(message => message.Clone()).ToArray();
            ref var hurt = ref broken[random.Next(broken.Length)];
            var header = hurt.DataHeader.ToByteArray();
            for (int flip = random.Next(1, 4); flip > 0; flip--)
                header[random.Next(header.Length)] = (byte)random.Next(256);
            hurt.DataHeader = ByteString.CopyFrom(header);

            // .NET's client may send data of a call that is over and that it has reset, for which Kestrel ends the connection: each upload has one of its own.
            using var uploader = new TestSession(server.Connect(), session.Authorization);
            try
            {
                await PutAsync(uploader, Path("export", $"{id}"), broken);
                // What was taken can be read.
                using var call = session.Flights.DoGet(new FlightTicket { Ticket_ = TestSession.Bytes(id) }, session.Headers);
                while (await call.ResponseStream.MoveNext(CancellationToken.None))
                {
                }
            }
            catch (RpcException told)
            {
                Assert.True(told.StatusCode == StatusCode.InvalidArgument, $"{told.Status} for {id}: {Convert.ToHexString(header)}");
                refused++;
            }
        }
        Assert.InRange(refused, 50, 299);
        Assert.Equal(1, await PutAsync(session, 301, Batch(rows)));
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

    private static Task<int> PutAsync(TestSession session, FlightDescriptor path, Schema schema, params RecordBatch[] batches) =>
        PutAsync(session, path, Messages(Stream(schema, batches)));

    private static async Task<int> PutAsync(TestSession session, FlightDescriptor path, IEnumerable<FlightData> messages)
    {
        using var put = session.Flights.DoPut(session.Headers);
        var sending = SendAsync();
        int results = 0;
        while (await put.ResponseStream.MoveNext(CancellationToken.None))
            results++;
        await sending;
        return results;

        async Task SendAsync()
        {
            try
            {
                bool isFirst = true;
                foreach (var data in messages)
                {
                    if (isFirst)
                        data.FlightDescriptor = path;
                    isFirst = false;
                    await put.RequestStream.WriteAsync(data);
                }
                await put.RequestStream.CompleteAsync();
            }
            catch (Exception ended) when (ended is RpcException or InvalidOperationException)
            {
                // The call has ended before; whoever reads its answers learns why.
            }
        }
    }

    private static byte[] Stream(Schema schema, params RecordBatch[] batches)
    {
        using var stream = new MemoryStream();
        using (var writer = new ArrowStreamWriter(stream, schema, leaveOpen: true))
        {
            writer.WriteStart();
            foreach (var batch in batches)
                writer.WriteRecordBatch(batch);
        }
        return stream.ToArray();
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

using System.Diagnostics;
using Apache.Arrow;
using Apache.Arrow.Types;
using Google.Protobuf;
using Wharf.Client;
using Wharf.Protocol;
using Wharf.Protocol.Grpc.Flight;
using Field = Apache.Arrow.Field;
using Ticket = Wharf.Protocol.Ticket;

/// <summary>Measures uploads and downloads by the client, beside the same Flight messages by the generated gRPC client, which does not parse Arrow.</summary>
internal static class TableTransfers
{
    private const int BatchRows = 131_072;
    private const int Batches = 20;
    private const int Longs = 2;
    private const int Doubles = 2;
    private const double Megabytes = (double)BatchRows * Batches * (Longs + Doubles) * 8 / 1_000_000;

    public static async Task RunAsync(Session session, TimeSpan time)
    {
        var schema = Columns();
        var rows = Enumerable.Range(0, Batches).Select(_ => Batch(schema)).ToArray();
        await using var table = await session.ImportAsync(schema, rows);
        var flight = new FlightService.FlightServiceClient(session.CallInvoker);
        var messages = await DownloadRawAsync(flight, table.Ticket, keep: true);

        await MeasureAsync("upload, raw Flight", time, () => UploadRawAsync(session, flight, messages));
        await MeasureAsync("upload, ImportAsync", time, async () =>
        {
            await using var uploaded = await session.ImportAsync(schema, rows);
        });
        await MeasureAsync("download, raw Flight", time, () => DownloadRawAsync(flight, table.Ticket, keep: false));
        await MeasureAsync("download, ReadBatchesAsync", time, async () =>
        {
            await foreach (var batch in table.ReadBatchesAsync())
                batch.Dispose();
        });
    }

    private static async Task<List<FlightData>> DownloadRawAsync(FlightService.FlightServiceClient flight, Ticket table, bool keep)
    {
        List<FlightData> messages = [];
        using var call = flight.DoGet(new() { Ticket_ = ByteString.CopyFrom(table.ToBytes()) });
        while (await call.ResponseStream.MoveNext(default))
            if (keep)
                messages.Add(call.ResponseStream.Current);
        return messages;
    }

    private static async Task UploadRawAsync(Session session, FlightService.FlightServiceClient flight, List<FlightData> messages)
    {
        var result = session.NewExport();
        messages[0].FlightDescriptor = new() { Type = FlightDescriptor.Types.DescriptorType.Path, Path = { result.ToPath() } };
        using var call = flight.DoPut();
        var confirmed = Task.Run(async () =>
        {
            while (await call.ResponseStream.MoveNext(default))
            {
            }
        });
        foreach (var message in messages)
            await call.RequestStream.WriteAsync(message);
        await call.RequestStream.CompleteAsync();
        await confirmed;
        await session.ReleaseAsync(result);
    }

    private static async Task MeasureAsync(string name, TimeSpan time, Func<Task> transfer)
    {
        await transfer();
        GC.Collect();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var clock = Stopwatch.StartNew();
        var count = 0;
        for (; clock.Elapsed < time; count++)
            await transfer();
        var rate = count * Megabytes / clock.Elapsed.TotalSeconds;
        Console.WriteLine($"{name}: {rate:F0} MB/s, {(GC.GetTotalAllocatedBytes(precise: true) - before) / (count * Megabytes):F0} bytes allocated per MB");
    }

    private static Schema Columns()
    {
        var schema = new Schema.Builder();
        for (var column = 0; column < Longs; column++)
            schema.Field(new Field($"L{column}", Int64Type.Default, nullable: true));
        for (var column = 0; column < Doubles; column++)
            schema.Field(new Field($"D{column}", DoubleType.Default, nullable: true));
        return schema.Build();
    }

    private static RecordBatch Batch(Schema schema)
    {
        var longs = new Int64Array.Builder().Reserve(BatchRows);
        var doubles = new DoubleArray.Builder().Reserve(BatchRows);
        for (var row = 0; row < BatchRows; row++)
        {
            longs.Append(row * 31L);
            doubles.Append(row * 0.5);
        }

        IArrowArray all = longs.Build();
        IArrowArray halves = doubles.Build();
        return new(schema, [all, all, halves, halves], BatchRows);
    }
}

using System.Globalization;
using Wharf.Bench;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

// Each case prints one line of figures for run.sh. The LOGIN of the raw server is "none".
switch (args)
{
    case ["echo", var address, var login, var name, var type, var seconds]:
        await using (var connection = await Connection.LoginAsync(new Uri(address), login))
        {
            var target = new NamedObject(connection, name, type);
            await Echo.PingPongAsync(target, 100, Seconds(seconds) / 4);
            var trips = await Echo.PingPongAsync(target, 100, Seconds(seconds));
            await Echo.WindowedAsync(target, 8, 64, 100, Seconds(seconds) / 4);
            var rate = await Echo.WindowedAsync(target, streams: 8, window: 64, bytes: 100, Seconds(seconds));
            Console.WriteLine($"{trips.P50:F1} {trips.P99:F1} {rate:F0}");
        }

        return 0;
    case ["payload", var address, var login, var name, var type, var bytes, var seconds]:
        await using (var connection = await Connection.LoginAsync(new Uri(address), login))
        {
            var target = new NamedObject(connection, name, type);
            await Echo.WindowedAsync(target, 2, 4, Whole(bytes), Seconds(seconds) / 4);
            var rate = await Echo.WindowedAsync(target, streams: 2, window: 4, Whole(bytes), Seconds(seconds));
            Console.WriteLine($"{rate * Whole(bytes) / 1e6:F0}");
        }

        return 0;
    case ["idle", var address, var login, var name, var type, var server, var streams, var connections]:
        var each = await IdleStreams.MeasureAsync(new Uri(address), login, name, type, Whole(server), Whole(streams), Whole(connections));
        Console.WriteLine($"{each / 1024:F1}");
        return 0;
    case ["open", var address, var login, var name, var type, var seconds]:
        await using (var connection = await Connection.LoginAsync(new Uri(address), login))
        {
            var target = new NamedObject(connection, name, type);
            await Opening.SequentialAsync(target, Seconds(seconds) / 4);
            var opened = await Opening.SequentialAsync(target, Seconds(seconds));
            await Opening.ConcurrentAsync(target, 64, Seconds(seconds) / 4);
            var rate = await Opening.ConcurrentAsync(target, atOnce: 64, Seconds(seconds));
            Console.WriteLine($"{opened.P50:F1} {opened.P99:F1} {rate:F0}");
        }

        return 0;
    case ["push", var address, var login, var name, var type, var streams, var connections, var seconds]:
        await using (var pushing = await Pushing.OpenAsync(new Uri(address), login, name, type, Whole(streams), Whole(connections), bytes: 100))
        {
            await pushing.RunAsync(1, Seconds(seconds) / 4);
            var (_, latencies) = await pushing.RunAsync(inFlight: 1, Seconds(seconds));
            await pushing.RunAsync(4, Seconds(seconds) / 4);
            var (rate, _) = await pushing.RunAsync(inFlight: 4, Seconds(seconds));
            Console.WriteLine($"{rate:F0} {latencies.P50 / 1000:F2} {latencies.P99 / 1000:F2}");
        }

        return 0;
    case ["stopped", var kind, var address, var login, var name, var type, var streams, var connections, var isBounded, var seconds, .. var servers]:
        var stopped = new StoppedReader(new Uri(address), login, name, type, Whole(streams), Whole(connections), isBounded == "bounded", [.. servers.Select(Whole)]);
        var figures = await (kind == "push" ? stopped.PushedAsync(Seconds(seconds)) : stopped.AnsweredAsync(Seconds(seconds)));
        foreach (var (others, kept, peak) in new[] { figures.Without, figures.With })
            Console.Write($"{others.P99 / 1000:F2} {kept / 1e6:F0} {peak / 1e6:F0} ");
        Console.WriteLine(figures.Told);
        return 0;
    case ["tables", var address, var login, var rows]:
        await using (var connection = await Connection.LoginAsync(new Uri(address), login))
        {
            var transfer = new TableTransfer(connection, Whole(rows));
            await transfer.RunAsync(export: 1);
            var (put, get) = await transfer.RunAsync(export: 2);
            Console.WriteLine($"{get:F0} {put:F0}");
        }

        return 0;
    case ["login", var address, var login, var seconds]:
        await SessionWork.LoginsAsync(new Uri(address), login, Seconds(seconds) / 4);
        var logins = await SessionWork.LoginsAsync(new Uri(address), login, Seconds(seconds));
        Console.WriteLine($"{logins.P50:F0} {logins.Count / Whole(seconds)}");
        return 0;
    case ["publish", var publisher, var fetcher, var login, var name, var seconds]:
        await SessionWork.PublishAndFetchAsync(new Uri(publisher), new Uri(fetcher), login, name, Seconds(seconds) / 4);
        var fetches = await SessionWork.PublishAndFetchAsync(new Uri(publisher), new Uri(fetcher), login, name, Seconds(seconds));
        Console.WriteLine($"{fetches.P50:F0} {fetches.Count / Whole(seconds)}");
        return 0;
    case ["formulas", var address, var login]:
        await using (var connection = await Connection.LoginAsync(new Uri(address), login))
        {
            var work = new FormulaWork(connection);
            foreach (var line in FormulaLine.All)
            {
                await work.RunAsync(line);
                Console.Write($"{Math.Min(await work.RunAsync(line), await work.RunAsync(line)):F1} ");
            }

            Console.WriteLine();
        }

        return 0;
    case ["small-formulas", var address, var login, var seconds]:
        await using (var connection = await Connection.LoginAsync(new Uri(address), login))
        {
            var work = new FormulaWork(connection);
            await work.SmallAsync(Seconds(seconds) / 2);
            var small = await work.SmallAsync(Seconds(seconds));
            Console.WriteLine($"{small.P50:F0}");
        }

        return 0;
    case ["duckdb"]:
        using (var database = new DuckDb())
        {
            foreach (var line in FormulaLine.All)
            {
                database.Run(line);
                Console.Write($"{Math.Min(database.Run(line), database.Run(line)):F1} ");
            }

            Console.WriteLine();
        }

        return 0;
    case ["formula-names"]:
        foreach (var line in FormulaLine.All)
            Console.WriteLine(line.Name);
        return 0;
    case ["ready", var address, "health", var seconds]:
        return await ReadyAsync(Readiness.WaitForHealthAsync(new Uri(address), Seconds(seconds)));
    case ["ready", var address, var login, var name, var type, var seconds]:
        return await ReadyAsync(Readiness.WaitForObjectAsync(new Uri(address), login, name, type, Seconds(seconds)));
    case ["start", var file, .. var arguments]:
        var (milliseconds, mebibytes) = await StartTime.MeasureAsync(file, arguments);
        Console.WriteLine($"{milliseconds:F0} {mebibytes:F0}");
        return 0;
    default:
        Console.Error.WriteLine("usage: see Program.cs");
        return 1;
}

static async Task<int> ReadyAsync(Task answered)
{
    try
    {
        await answered;
        return 0;
    }
    catch (TimeoutException silent)
    {
        Console.Error.WriteLine(silent.Message);
        return 1;
    }
}

static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture));

static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Wharf.Grains.Fields;

namespace Wharf.Grains.Tests.Names;

/// <summary>The names of a directory in a storage that fails, hangs, loses its data, or has another writer.</summary>
public sealed class StoredNames
{
    [Fact]
    public Task Concurrent_changes_are_stored_in_few_writes() => DirectoryUnderTest.RunAsync(async () =>
    {
        using var storage = new FaultyStorage();
        using var directory = await DirectoryUnderTest.StartAsync(storage);
        storage.Writes.Clear();
        await directory.FillAsync(1000);
        Assert.Equal(1000, directory.Table.All.Count);
        Assert.InRange(storage.Writes.Count, 1000 / FieldPages.MostFields, 40);

        using var next = await DirectoryUnderTest.StartAsync(storage);
        Assert.Equal(directory.Content, next.Content);
        Assert.True(next.Table.Version > directory.Table.Version);
    });

    [Theory]
    [InlineData(10)]
    [InlineData(1_000)]
    [InlineData(20_000)]
    public Task A_change_writes_one_page_however_many_names_there_are(int names) => DirectoryUnderTest.RunAsync(async () =>
    {
        using var storage = new FaultyStorage();
        using var directory = await DirectoryUnderTest.StartAsync(storage);
        await directory.FillAsync(names);
        storage.Writes.Clear();
        for (var i = 0; i < 10; i++)
            await directory.SetAsync($"filled{i}", "changed");
        await directory.RemoveAsync("filled3");
        await directory.SetAsync("new", "object");
        Assert.Equal(12, storage.Writes.Count);
        Assert.DoesNotContain(storage.Writes, static write => write.Record == DirectoryUnderTest.First);
        Assert.All(storage.Writes, static write => Assert.InRange(write.Bytes, 1, 200 * FieldPages.MostFields));
    });

    [Fact]
    public Task A_long_name_does_not_share_its_page_with_many_others() => DirectoryUnderTest.RunAsync(async () =>
    {
        using var storage = new FaultyStorage();
        using var directory = await DirectoryUnderTest.StartAsync(storage);
        for (var i = 0; i < 20; i++)
            await directory.SetAsync(new string((char)('a' + i), 20_000), "object");
        Assert.All(directory.File.Pages.All, static page => Assert.InRange(page.Fields.Count, 0, 2));
    });

    [Fact]
    public Task A_start_on_a_storage_that_does_not_answer_ends_after_the_time_limit() => DirectoryUnderTest.RunAsync(async () =>
    {
        using var storage = new FaultyStorage { Decide = static _ => WriteOutcome.Late };
        var time = new FakeTimeProvider();
        var start = DirectoryUnderTest.StartAsync(storage, time);
        time.Advance(FieldRecords.TimeLimit - TimeSpan.FromSeconds(1));
        Assert.NotSame(start, await Task.WhenAny(start, Task.Delay(TimeSpan.FromMilliseconds(50))));
        time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<TimeoutException>(() => start);

        storage.Decide = static _ => WriteOutcome.Done;
        using var next = await DirectoryUnderTest.StartAsync(storage, time);
        await next.SetAsync("one", "object");
        storage.Release();
        await next.SetAsync("two", "object");
        Assert.Equal(2, next.Content.Count);
    });

    [Theory]
    [InlineData(WriteOutcome.Refused)]
    [InlineData(WriteOutcome.DoneWithoutAnswer)]
    [InlineData(WriteOutcome.Late)]
    public Task A_change_that_is_not_stored_is_not_made(WriteOutcome outcome) => DirectoryUnderTest.RunAsync(async () =>
    {
        using var storage = new FaultyStorage();
        var time = new FakeTimeProvider();
        using var directory = await DirectoryUnderTest.StartAsync(storage, time);
        await directory.SetAsync("kept", "one");
        await directory.SetAsync("replaced", "one");
        await directory.SetAsync("removed", "one");
        var version = directory.Table.Version;

        storage.Decide = _ => outcome;
        Task[] changes = [directory.SetAsync("made", "two"), directory.SetAsync("replaced", "two"), directory.RemoveAsync("removed"), directory.Writer.FlushAsync()];
        var refused = Task.WhenAll(changes.Select(static change => Assert.ThrowsAsync<FaultException>(() => change)));
        while (!refused.IsCompleted)
        {
            await Task.Yield();
            if (outcome == WriteOutcome.Late)
                time.Advance(FieldWriter.TimeLimit);
        }

        Assert.All(await refused, static failure => Assert.Equal(FaultCode.Unavailable, failure.Fault.Code));
        Assert.Equal(["scope/kept", "scope/removed", "scope/replaced"], directory.Content.Keys);
        Assert.Equal("one", directory.Content["scope/replaced"]);
        Assert.Equal(version, directory.Table.Version);

        // The storage answers again. A late write is done now.
        storage.Decide = static _ => WriteOutcome.Done;
        storage.Release();
        await directory.SetAsync("after", "three");
        while (directory.File.IsUncertain)
        {
            time.Advance(FieldWriter.Pause);
            await Task.Yield();
        }

        using var next = await DirectoryUnderTest.StartAsync(storage);
        Assert.Equal(directory.Content, next.Content);
        Assert.Equal(["scope/after", "scope/kept", "scope/removed", "scope/replaced"], next.Content.Keys);
    });

    [Fact]
    public Task A_write_without_an_answer_is_undone_in_the_store_without_another_change() => DirectoryUnderTest.RunAsync(async () =>
    {
        using var storage = new FaultyStorage();
        var time = new FakeTimeProvider();
        using var directory = await DirectoryUnderTest.StartAsync(storage, time);
        storage.Decide = static _ => WriteOutcome.DoneWithoutAnswer;
        await Assert.ThrowsAsync<FaultException>(() => directory.SetAsync("made", "two"));
        storage.Decide = static _ => WriteOutcome.Done;
        while (directory.File.IsUncertain)
        {
            time.Advance(FieldWriter.Pause);
            await Task.Yield();
        }

        using var next = await DirectoryUnderTest.StartAsync(storage);
        Assert.Empty(next.Content);
    });

    [Theory]
    [InlineData(5)]
    [InlineData(300)]
    public Task An_activation_whose_records_another_one_has_taken_over_cannot_write(int names) => DirectoryUnderTest.RunAsync(async () =>
    {
        using var storage = new FaultyStorage();
        using var older = await DirectoryUnderTest.StartAsync(storage);
        await older.FillAsync(names);
        using var newer = await DirectoryUnderTest.StartAsync(storage);
        // Every page, a new page, and the first record.
        for (var i = 0; i < names; i += 50)
            Assert.Equal(FaultCode.Unavailable, (await Assert.ThrowsAsync<FaultException>(() => older.SetAsync($"filled{i}", "stale"))).Fault.Code);
        await Assert.ThrowsAsync<FaultException>(() => older.FillAsync(500));
        await Assert.ThrowsAsync<FaultException>(() => older.Writer.FlushAsync());
        Assert.Equal((1, 0), (older.Replacements, newer.Replacements));

        await newer.SetAsync("filled0", "newer");
        using var last = await DirectoryUnderTest.StartAsync(storage);
        Assert.Equal(newer.Content, last.Content);
        Assert.DoesNotContain("stale", last.Content.Values);
    });

    [Theory]
    [InlineData("all")]
    [InlineData("first")]
    [InlineData("pages")]
    [InlineData("older")]
    [InlineData("before")]
    public Task Records_that_the_store_has_lost_are_all_written_again(string loss) => DirectoryUnderTest.RunAsync(async () =>
    {
        using var storage = new FaultyStorage();
        var restoreBefore = storage.Save();
        using (var earlier = await DirectoryUnderTest.StartAsync(storage))
        {
            await earlier.FillAsync(100);
            restoreBefore = storage.Save();
        }

        using var directory = await DirectoryUnderTest.StartAsync(storage);
        await directory.FillAsync(300);
        var restoreOlder = storage.Save();
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => directory.SetAsync($"filled{i}", "changed")));
        var records = storage.Records;
        foreach (var isFlush in new[] { true, false })
        {
            switch (loss)
            {
                case "older":
                    restoreOlder();
                    break;
                case "before":
                    restoreBefore();
                    break;
                default:
                    storage.Lose(record => loss == "all" || (loss == "first") == (record == DirectoryUnderTest.First));
                    break;
            }

            // A change finds the loss of its own page, or of the first record if that is written with it.
            if (isFlush)
                await directory.Writer.FlushAsync();
            else if (loss != "first")
                await directory.SetAsync("filled7", "changed again");
            else
                await directory.FillAsync(400);
            while (directory.File.IsUncertain)
                await Task.Yield();
            Assert.Superset(records.ToHashSet(), storage.Records.ToHashSet());
        }

        Assert.Equal(0, directory.Replacements);
        using var next = await DirectoryUnderTest.StartAsync(storage);
        Assert.Equal(directory.Content, next.Content);
        Assert.InRange(next.Content.Count, 300, 400);
    });

    [Fact]
    public Task Pages_are_found_without_the_first_record() => DirectoryUnderTest.RunAsync(async () =>
    {
        using var storage = new FaultyStorage();
        using var directory = await DirectoryUnderTest.StartAsync(storage);
        await directory.FillAsync(300);
        storage.Lose(static record => record == DirectoryUnderTest.First);
        using var next = await DirectoryUnderTest.StartAsync(storage);
        Assert.Equal(directory.Content, next.Content);
        await next.FillAsync(600);
        using var last = await DirectoryUnderTest.StartAsync(storage);
        Assert.Equal(600, last.Content.Count);
    });

    /// <summary>
    /// Changes at random, of few names so that pages fill and empty, with a storage that fails at random and activations that end at any moment. The names are always those whose changes
    /// have succeeded.
    /// </summary>
    [Fact]
    public void Names_are_those_whose_changes_have_succeeded() =>
        Gen.Int[0, int.MaxValue].Sample(seed => DirectoryUnderTest.RunAsync(() => new Life(seed).RunAsync()).GetAwaiter().GetResult(), iter: 60);

    /// <summary>A random sequence of changes and faults.</summary>
    private sealed class Life(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly FakeTimeProvider _time = new();
        private readonly Dictionary<string, string> _model = [];
        private readonly ListedFields _followed = new();
        private int _faults;

        public async Task RunAsync()
        {
            using var storage = new FaultyStorage();
            storage.Decide = _ => _random.Next(100) < _faults ? (WriteOutcome)_random.Next(1, 3) : WriteOutcome.Done;
            var directory = await DirectoryUnderTest.StartAsync(storage, _time);
            var restore = storage.Save();
            for (var step = 0; step < 40; step++)
            {
                if (_random.Next(20) == 0)
                    restore = storage.Save();
                _faults = _random.Next(3) == 0 ? 30 : 0;
                await ChangeAsync(directory, _random.Next(1, 80));
                Check(directory);
                if (_random.Next(6) > 0)
                    continue;
                _faults = 0;
                var loss = _random.Next(5);
                if (loss == 0)
                    storage.Lose(_ => true);
                else if (loss == 1)
                    restore();
                else if (loss == 2)
                    storage.Lose(_ => _random.Next(2) == 0);
                await directory.Writer.FlushAsync();
                Assert.False(directory.File.IsUncertain);
                var older = directory;
                directory = await DirectoryUnderTest.StartAsync(storage, _time);
                await Assert.ThrowsAsync<FaultException>(() => older.SetAsync($"n{_random.Next(200)}", "stale"));
                older.Dispose();
                Check(directory);
                if (_random.Next(2) == 0)
                    restore = storage.Save();
            }

            directory.Dispose();
        }

        private Task ChangeAsync(DirectoryUnderTest directory, int count) => Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
        {
            var name = $"n{_random.Next(200)}";
            var value = _random.Next(3) == 0 ? null : $"o{_random.Next(1000)}";
            try
            {
                await (value is null ? directory.RemoveAsync(name) : directory.SetAsync(name, value));
                if (value is null)
                    _model.Remove($"scope/{name}");
                else
                    _model[$"scope/{name}"] = value;
            }
            catch (FaultException refused) when (refused.Fault.Code == FaultCode.Unavailable)
            {
                // It is not made.
            }
        }));

        private void Check(DirectoryUnderTest directory)
        {
            var expected = new SortedDictionary<string, string>(_model, StringComparer.Ordinal);
            Assert.Equal(expected, directory.Content);
            FieldUpdates updates;
            do
            {
                updates = directory.Reader.Read(_followed.Position);
                _followed.Apply(updates);
            }
            while (updates.HasMore);
            Assert.Equal(expected, new SortedDictionary<string, string>(_followed.Fields.ToDictionary(static f => f.Key, static f => f.Value.Object.ObjectId), StringComparer.Ordinal));
            Assert.All(directory.File.Pages.All, static page => Assert.InRange(page.Fields.Count, 0, FieldPages.MostFields));
        }
    }
}

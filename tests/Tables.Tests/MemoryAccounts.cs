using Microsoft.Extensions.Time.Testing;

namespace Wharf.Tables.Tests;

/// <summary>Sessions pay for the memory that they use, exactly once and exactly as long as they use it.</summary>
public sealed class MemoryAccounts
{
    private const long Mebibyte = 1 << 20;

    private static readonly MemoryLimits Limits = new(1000 * Mebibyte, 90, 100 * Mebibyte, 150 * Mebibyte, 50 * Mebibyte, 20 * Mebibyte, 2, 3);

    private readonly FixedGauge _gauge = new();
    private readonly FakeTimeProvider _time = new();
    private readonly MemoryAccountant _memory;

    public MemoryAccounts() => _memory = new MemoryAccountant(Limits, _time, _gauge);

    [Theory]
    [InlineData(MemoryUse.Tables, 100, "Wharf:Memory:SessionTableBytes")]
    [InlineData(MemoryUse.Uploads, 50, "Wharf:Memory:SessionUploadBytes")]
    [InlineData(MemoryUse.Queues, 20, "Wharf:Memory:SessionQueueBytes")]
    public void A_session_uses_its_budget_and_no_byte_more(MemoryUse use, int mebibytes, string setting)
    {
        using var charge = _memory.Open(use, "a");
        charge.Add(mebibytes * Mebibyte);

        Assert.Contains(setting, Refused(() => charge.Add(1)), StringComparison.Ordinal);
        Assert.Equal(mebibytes * Mebibyte, _memory.Reserved);
        using var other = _memory.Open(use, "b");
        other.Add(mebibytes * Mebibyte);
    }

    [Fact]
    public void The_sessions_of_a_principal_share_a_budget()
    {
        using var first = _memory.Open(MemoryUse.Tables, "a", "ann");
        using var second = _memory.Open(MemoryUse.Tables, "b", "ann");
        using var stranger = _memory.Open(MemoryUse.Tables, "c", "bob");
        first.Add(100 * Mebibyte);
        second.Add(50 * Mebibyte);

        Assert.Contains("Wharf:Memory:PrincipalTableBytes", Refused(() => second.Add(1)), StringComparison.Ordinal);
        stranger.Add(100 * Mebibyte);
    }

    [Fact]
    public void A_session_has_so_many_uploads_at_once_and_others_have_theirs()
    {
        using var first = _memory.Open(MemoryUse.Uploads, "a", "ann");
        var second = _memory.Open(MemoryUse.Uploads, "a");

        Assert.Contains("Wharf:Memory:SessionUploads", Refused(() => _memory.Open(MemoryUse.Uploads, "a")), StringComparison.Ordinal);
        using var third = _memory.Open(MemoryUse.Uploads, "b", "ann");
        Assert.Contains("Wharf:Memory:PrincipalUploads", Refused(() => _memory.Open(MemoryUse.Uploads, "b")), StringComparison.Ordinal);
        second.Dispose();
        _memory.Open(MemoryUse.Uploads, "a").Dispose();
    }

    [Fact]
    public void The_process_refuses_new_work_at_its_bound_whoever_asks()
    {
        // 800 of 900 are in use by something that no session pays for.
        _gauge.Bytes = 800 * Mebibyte;
        Assert.False(_memory.IsFull());
        using var charge = _memory.Open(MemoryUse.Tables, "a");
        charge.Add(100 * Mebibyte);

        using var other = _memory.Open(MemoryUse.Queues, "b");
        _gauge.Bytes = 900 * Mebibyte;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("Wharf:Memory:RefuseAtPercent", Refused(() => other.Add(Mebibyte)), StringComparison.Ordinal);
        Assert.Contains("Wharf:Memory:RefuseAtPercent", Refused(_memory.RequireRoom), StringComparison.Ordinal);
        Assert.True(_memory.IsFull());
    }

    [Fact]
    public void Garbage_is_collected_before_anybody_is_refused()
    {
        _gauge.Bytes = 950 * Mebibyte;
        _gauge.Garbage = 500 * Mebibyte;
        _time.Advance(TimeSpan.FromSeconds(1));

        _memory.RequireRoom();

        Assert.Equal(1, _gauge.Collections);
        Assert.False(_memory.IsFull());
    }

    [Fact]
    public void A_full_process_collects_now_and_then_only()
    {
        _gauge.Bytes = 950 * Mebibyte;
        _time.Advance(TimeSpan.FromSeconds(1));
        for (int n = 0; n < 100; n++)
            Refused(_memory.RequireRoom);
        Assert.Equal(1, _gauge.Collections);

        _time.Advance(TimeSpan.FromSeconds(1));
        Refused(_memory.RequireRoom);
        Assert.Equal(2, _gauge.Collections);
    }

    [Fact]
    public void A_charge_returns_its_bytes_once_and_leaves_no_account_behind()
    {
        var charge = _memory.Open(MemoryUse.Tables, "a", "ann");
        charge.Add(3 * Mebibyte);
        charge.Force(Mebibyte);
        charge.Dispose();
        charge.Dispose();

        Assert.Equal(0, _memory.Reserved);
        Assert.Equal(0, _memory.Sessions);
    }

    [Fact]
    public void A_column_that_two_tables_show_is_paid_for_once_until_neither_shows_it()
    {
        ArrowTable source = Tables.Empty(100_000).Update("A = ii");
        ArrowTable view = source.Update("B = A + 1");
        long one = 100_000 * sizeof(long);
        using var first = _memory.Open(MemoryUse.Tables, "a");
        using var second = _memory.Open(MemoryUse.Tables, "b");

        source.ChargeTo(first);
        long after = _memory.Reserved;
        Assert.InRange(after, one, one * 3 / 2);
        view.ChargeTo(second);
        Assert.InRange(_memory.Reserved - after, one, one * 3 / 2);

        source.Uncharge();
        Assert.InRange(_memory.Reserved, 2 * one, 3 * one);
        view.Uncharge();
        first.Dispose();
        second.Dispose();
        Assert.Equal(0, _memory.Reserved);
    }

    [Fact]
    public void Selected_rows_keep_their_source_charged_until_they_are_copied()
    {
        ArrowTable source = Tables.Empty(100_000).Update("A = ii", "B = ii * 2");
        ArrowTable few = source.Where("A % 1000 == 0");
        using (var first = _memory.Open(MemoryUse.Tables, "a"))
        using (var second = _memory.Open(MemoryUse.Tables, "b"))
        {
            source.ChargeTo(first);
            few.ChargeTo(second);
            long both = _memory.Reserved;
            source.Uncharge();
            Assert.Equal(both, _memory.Reserved);

            Assert.Equal(100, few.ReadBatches().Sum(static batch => batch.Length));

            Assert.InRange(_memory.Reserved, 2 * 100 * sizeof(long), 100_000);
            few.Uncharge();
        }

        Assert.Equal(0, _memory.Reserved);
    }

    [Fact]
    public void A_table_is_paid_for_as_long_as_somebody_reads_it()
    {
        ArrowTable table = Tables.Empty(100_000).Update("A = ii");
        var owner = _memory.Open(MemoryUse.Tables, "a");
        table.ChargeTo(owner);

        var reading = table.KeepCharged();
        table.Uncharge();
        owner.Dispose();
        Assert.InRange(_memory.Reserved, 100_000 * sizeof(long), 2_000_000);

        reading.Dispose();
        Assert.Equal(0, _memory.Reserved);
        table.KeepCharged().Dispose();
        Assert.Equal(0, _memory.Reserved);
    }

    [Theory]
    [InlineData("A = ii")]
    [InlineData("A = ii + `, a text that is long enough to take some memory in each row`")]
    public void An_operation_that_outgrows_the_budget_is_refused_and_costs_nothing(string formula)
    {
        ArrowTable large = Tables.Empty(50_000_000), small = Tables.Empty(100_000);
        using (var charge = _memory.Open(MemoryUse.Tables, "a"))
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            var refused = Assert.Throws<TableException>(() => Tables.Engine().Run(new SelectOrUpdate(SelectKind.Update, [formula]), [large], default, charge));
            Assert.Equal(TableError.ResourceExhausted, refused.Error);
            Assert.Contains("Wharf:Memory:SessionTableBytes", refused.Message, StringComparison.Ordinal);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 300 * Mebibyte);
        }

        Assert.Equal(0, _memory.Reserved);
        using (var charge = _memory.Open(MemoryUse.Tables, "a"))
            Assert.Equal(100_000, Tables.Engine().Run(new SelectOrUpdate(SelectKind.Update, [formula]), [small], default, charge).RowCount);
        Assert.Equal(0, _memory.Reserved);
    }

    [Fact]
    public void A_queue_that_stays_short_opens_no_account()
    {
        var queue = new QueueCharge(_memory, "a");
        Assert.True(queue.TrySet(32 * 1024));
        Assert.Equal(0, _memory.Sessions);

        Assert.True(queue.TrySet(10 * Mebibyte));
        Assert.InRange(_memory.Reserved, 10 * Mebibyte, 11 * Mebibyte);
        Assert.False(queue.TrySet(30 * Mebibyte));
        Assert.InRange(_memory.Reserved, 10 * Mebibyte, 11 * Mebibyte);
        Assert.True(queue.TrySet(Mebibyte));
        Assert.InRange(_memory.Reserved, Mebibyte, 2 * Mebibyte);
        Assert.True(queue.TrySet(0));
        Assert.Equal(0, _memory.Sessions);
    }

    [Fact]
    public void Any_charges_that_end_leave_nothing_reserved()
    {
        Parallel.For(0, 8, worker =>
        {
            for (int n = 0; n < 1_000; n++)
            {
                using var charge = _memory.Open(MemoryUse.Tables, $"s{(worker + n) % 3}", $"p{worker % 2}");
                charge.TryAdd(n);
                charge.TryAdd(-n / 2);
                using var another = charge.OpenAnother();
                another.Force(n);
            }
        });
        Assert.Equal(0, _memory.Reserved);
        Assert.Equal(0, _memory.Sessions);
    }

    private static string Refused(Action action)
    {
        var refused = Assert.Throws<TableException>(action);
        Assert.Equal(TableError.ResourceExhausted, refused.Error);
        return refused.Message;
    }

    private sealed class FixedGauge : MemoryGauge
    {
        public long Bytes { get; set; }

        public long Garbage { get; set; }

        public int Collections { get; private set; }

        public override long Used => Bytes;

        public override void Collect()
        {
            Collections++;
            Bytes -= Garbage;
            Garbage = 0;
        }
    }
}

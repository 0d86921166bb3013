using Apache.Arrow;
using Wharf.Tables.Columns;

namespace Wharf.Tables.Tests;

/// <summary>Memory of columns is used again, and never while somebody may still look at it.</summary>
[Collection(Alone)]
public sealed class MemoryOfColumns
{
    private const string Alone = "the memory of this process";

    private const int Large = 1 << 20;

    [Fact]
    public void The_next_column_receives_returned_memory()
    {
        var memory = new ColumnMemory(maxBytes: 100 * Large);
        ColumnBlock first = memory.Rent(Large);
        first.Span[0] = 57;
        Assert.NotEqual(57, memory.Rent(Large).Span[0]);
        first.Return();
        Assert.Equal(57, memory.Rent(Large).Span[0]);
        Assert.Equal(0, memory.Kept);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(81_920)]
    [InlineData(Large - 1)]
    [InlineData(Large + 1)]
    [InlineData(8 * Large)]
    public void A_block_has_room_for_what_was_asked_for_and_hardly_more(int bytes)
    {
        var memory = new ColumnMemory(maxBytes: 100 * Large);
        ColumnBlock block = memory.Rent(bytes);
        Assert.InRange(block.Length, bytes, Math.Max(bytes, (bytes * 1.25) + 64));
        block.Return();
        Assert.True(memory.Rent(bytes).Length >= bytes);
    }

    [Fact]
    public void No_more_is_kept_than_may_be()
    {
        var memory = new ColumnMemory(maxBytes: 3 * Large);
        ColumnBlock[] blocks = [.. Enumerable.Range(0, 5).Select(_ => memory.Rent(Large))];
        foreach (ColumnBlock block in blocks)
            block.Return();
        Assert.InRange(memory.Kept, Large, 3 * Large);
    }

    [Fact]
    public void Unused_memory_is_dropped()
    {
        var memory = new ColumnMemory(maxBytes: 100 * Large);
        ColumnBlock a = memory.Rent(Large), b = memory.Rent(Large);
        a.Return();
        b.Return();
        memory.Trim();
        Assert.True(memory.Kept > 2 * Large);
        memory.Rent(Large).Return();
        memory.Trim();
        Assert.InRange(memory.Kept, Large, 2 * Large);
        memory.Trim();
        Assert.Equal(0, memory.Kept);
    }

    [Fact]
    public void A_column_lives_as_long_as_a_table_that_shows_it()
    {
        ArrowTable first = Held(Tables.Empty(100_000).Update("A = i")), second = Held(first.Update("B = A + 1"));
        IArrowArray numbers = second.ReadBatches().Last().Column(0);
        Assert.True(first.TryHold());
        first.LetGo();
        first.LetGo();
        Assert.False(first.TryHold());
        Overwrite();
        Assert.Equal(99_999, ((Int32Array)numbers).GetValue(numbers.Length - 1));
        second.LetGo();
        Assert.False(second.TryHold());
    }

    [Fact]
    public void Memory_of_a_table_that_was_let_go_is_written_again()
    {
        // The control: had a test read here, it would have seen what Overwrite wrote.
        ArrowTable table = Held(Tables.Empty(100_000).Update("A = i"));
        var numbers = (Int32Array)table.ReadBatches().Last().Column(0);
        table.LetGo();
        Overwrite();
        Assert.NotEqual(99_999, numbers.GetValue(numbers.Length - 1));
    }

    [Fact]
    public void Selected_rows_outlive_the_table_they_were_selected_from()
    {
        ArrowTable table = Held(Tables.Empty(300_000).Update("A = i", "S = `n` + i"));
        ArrowTable kept = Held(table.Where("A % 2 == 0"));
        ArrowTable fewer = Held(kept.Where("A % 4 == 0"));
        table.LetGo();
        kept.LetGo();
        Overwrite();
        string numbers = fewer.Column("A"), texts = fewer.Column("S");
        Assert.Equal(Tables.Empty(75_000).Update("A = i * 4").Column("A"), numbers);
        Assert.Equal(Tables.Empty(75_000).Update("S = `n` + i * 4").Column("S"), texts);
        fewer.LetGo();
    }

    [Fact]
    public void A_table_that_nobody_held_is_the_collectors()
    {
        ArrowTable table = Tables.Empty(100_000).Update("A = i");
        ArrowTable second = Held(table.Update("B = A"));
        second.LetGo();
        Overwrite();
        Assert.Equal(99_999, ((Int32Array)table.ReadBatches().Last().Column(0)) is { } numbers ? numbers.GetValue(numbers.Length - 1) : null);
    }

    [Theory]
    [InlineData("X = 1 % (i - 2900000)")]
    [InlineData("X = `n` + (1 % (i - 2900000))")]
    public void A_failed_computation_returns_its_memory(string formula)
    {
        ArrowTable table = Tables.Empty(3_000_000);
        ColumnMemory.Shared.Trim();
        ColumnMemory.Shared.Trim();
        Assert.Equal(0, ColumnMemory.Shared.Kept);
        Tables.Refused(() => table.Update(formula));
        Assert.InRange(ColumnMemory.Shared.Kept, 9_000_000, 100_000_000);
    }

    // Other tests would give back and take as well.
    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class NobodyElse;

    private static ArrowTable Held(ArrowTable table)
    {
        Assert.True(table.TryHold());
        return table;
    }

    // Whatever has been given back is taken and written.
    private static void Overwrite()
    {
        for (int n = 0; n < 20; n++)
        {
            foreach (int bytes in new[] { 100_000, 200_000, 400_000, 600_000, 800_000, 1_200_000, 2_400_000 })
                ColumnMemory.Shared.Rent(bytes).Span.Fill(0xEE);
        }
    }
}

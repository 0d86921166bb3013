using System.Diagnostics;

namespace Wharf.Tables.Tests;

public sealed class TableEngineTests
{
    [Fact]
    public void An_empty_table_of_any_size_stores_nothing()
    {
        Assert.Equal(long.MaxValue, Tables.Empty(long.MaxValue).RowCount);
        Assert.Empty(Tables.Empty(long.MaxValue).Names());
    }

    [Fact]
    public void A_negative_size_is_refused_before_anything_runs()
    {
        Tables.Refused(() => TableOperationValidator.Validate(new EmptyTable(-1)));
        Tables.Refused(() => Tables.Empty(-1));
        TableOperationValidator.Validate(new EmptyTable(0));
    }

    [Fact]
    public void A_column_that_no_machine_can_hold_is_refused_at_once()
    {
        long before = Stopwatch.GetTimestamp();
        string message = Tables.Refused(() => Tables.Empty(1L << 50).Update("X = ii"), TableError.ResourceExhausted).Message;
        Assert.Contains("1125899906842624 rows", message, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(before) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_constant_column_costs_nothing_however_long()
    {
        ArrowTable table = Tables.Empty(1L << 50).Update("S = `abc`", "N = 5", "B = S + N");
        Assert.Equal("abc", ((Apache.Arrow.StringArray)table.ReadBatches().First().Column(0)).GetString(4095));
    }

    [Fact]
    public void Fetch_is_the_same_table()
    {
        ArrowTable table = Tables.Empty(3);
        Assert.Same(table, Tables.Engine().Run(new FetchTable(), [table], default));
    }

    [Fact]
    public void The_number_of_inputs_is_checked()
    {
        Tables.Refused(() => Tables.Engine().Run(new FetchTable(), [], default));
        Tables.Refused(() => Tables.Engine().Run(new EmptyTable(1), [Tables.Empty(1)], default));
    }

    [Fact]
    public void An_operation_of_a_later_version_is_unimplemented()
    {
        Tables.Refused(() => Tables.Engine().Run(new FromTheFuture(), [], default), TableError.Unimplemented);
        Tables.Refused(() => TableOperationCodec.Read("{\"op\":\"fromTheFuture\"}"u8), TableError.Unimplemented);
    }

    private sealed record FromTheFuture : TableOperation
    {
        public override int InputCount => 0;
    }

    [Fact]
    public void Every_operation_survives_the_way_between_nodes()
    {
        TableOperation[] operations =
        [
            new EmptyTable(5), new FetchTable(), new SelectDistinct(["A", "B"]), new SelectOrUpdate(SelectKind.View, ["A", "B = `x` + A"]),
        ];
        foreach (TableOperation operation in operations)
        {
            byte[] bytes = TableOperationCodec.Write(operation);
            TableOperation back = TableOperationCodec.Read(bytes);
            Assert.Equal(operation.GetType(), back.GetType());
            Assert.Equal(bytes, TableOperationCodec.Write(back));
        }
    }

    [Fact]
    public void Distinct_rows_come_in_the_order_of_their_first_appearance()
    {
        ArrowTable table = Tables.Empty(10_000).Update("A = i % 3", "S = i % 2 == 0 ? null : `odd`", "D = i % 4 == 0 ? NAN_DOUBLE : 0.5", "C = 7");
        ArrowTable distinct = Tables.Engine().Run(new SelectDistinct(["S", "A"]), [table], default);
        Assert.Equal(["S", "A"], distinct.Names());
        Assert.Equal("int [0, 1, 2, 0, 1, 2]", distinct.Column("A"));
        Assert.Equal("java.lang.String [null, odd, null, odd, null, odd]", distinct.Column("S"));
        Assert.Equal("double [NaN, 0.5]", Tables.Engine().Run(new SelectDistinct(["D"]), [table], default).Column("D"));
        Assert.Equal("int [7]", Tables.Engine().Run(new SelectDistinct(["C"]), [table], default).Column("C"));
        Assert.Empty(Tables.Engine().Run(new SelectDistinct([]), [table], default).Names());
        Assert.Equal("int []", Tables.Engine().Run(new SelectDistinct(["C"]), [Tables.Empty(0).Update("C = 7")], default).Column("C"));
    }

    [Fact]
    public void Unknown_names_are_a_failed_precondition_that_lists_them() =>
        Assert.Equal(
            "column(s) not found: Nope, Neither",
            Tables.Refused(() => Tables.Engine().Run(new SelectDistinct(["Nope", "A", "Neither"]), [Tables.Empty(1).Update("A = i")], default), TableError.FailedPrecondition).Message);

    [Fact]
    public void One_engine_serves_many_threads()
    {
        TableEngine engine = Tables.Engine();
        ArrowTable table = Tables.Empty(20_000).Update("A = i", "S = `s` + i");
        string expected = table.Update("X = A * 2 + S.length()").Column("X");
        Parallel.For(0, 16, _ =>
            Assert.Equal(expected, engine.Run(new SelectOrUpdate(SelectKind.Update, ["X = A * 2 + S.length()"]), [table], default).Column("X")));
    }
}

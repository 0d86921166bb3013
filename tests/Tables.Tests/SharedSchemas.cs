using Apache.Arrow;

namespace Wharf.Tables.Tests;

/// <summary>Tables with the same columns share a schema, and no others do.</summary>
public sealed class SharedSchemas
{
    [Fact]
    public void Tables_with_the_same_columns_share_it()
    {
        ArrowTable one = Tables.Empty(3).Update("A = i", "B = `x`"), other = Tables.Empty(5).Update("A = i + 1", "B = `y`");

        Assert.Same(one.Schema, other.Schema);
        Assert.True(one.Describe().Schema.Equals(other.Describe().Schema), "the message was written twice");
        Assert.Equal((3, 5), (one.Describe().Size, other.Describe().Size));
    }

    [Theory]
    [InlineData("A = i", "A = ii")]
    [InlineData("A = i", "a = i")]
    [InlineData("A = new int[]{1}", "A = new long[]{1}")]
    [InlineData("A = new boolean[]{true}", "A = new String[]{`x`}")]
    [InlineData("A = `10:00:00`", "A = '10:00:00'")]
    public void Other_operations_do_not_share_the_schema(string formula, string other)
    {
        ArrowTable one = Tables.Empty(1).Update(formula), two = Tables.Empty(1).Update(other);

        Assert.NotSame(one.Schema, two.Schema);
        Assert.False(one.Describe().Schema.Span.SequenceEqual(two.Describe().Schema.Span));
    }

    [Fact]
    public void The_order_of_the_columns_counts()
    {
        ArrowTable table = Tables.Empty(1).Update("A = i", "B = ii");

        Assert.Equal(["A", "B"], table.Names());
        Assert.Equal(["B", "A"], table.View("B", "A").Names());
        Assert.Equal("int", table.View("B", "A").Field("A").Metadata["deephaven:type"]);
    }

    [Fact]
    public void An_uploaded_table_says_that_it_is_one_and_what_is_made_of_it_does_not()
    {
        ArrowTable uploaded = Tables.Upload("A", new Int32Array.Builder().Append(1).Build()), computed = Tables.Empty(1).Update("A = 1");

        Assert.True(uploaded.Schema.Metadata.ContainsKey("deephaven:unsent.attribute.BarrageSchema"));
        Assert.False(computed.Schema.Metadata.ContainsKey("deephaven:unsent.attribute.BarrageSchema"));
        Assert.False(uploaded.View("A").Schema.Metadata.ContainsKey("deephaven:unsent.attribute.BarrageSchema"));
    }

    [Fact]
    public void More_of_them_than_are_kept_are_right_all_the_same()
    {
        ArrowTable first = Tables.Empty(1).Update("A0 = i");
        for (int n = 1; n < 3000; n++)
            Assert.Equal([$"A{n}"], Tables.Empty(1).Update($"A{n} = i").Names());

        Assert.Equal(["A0"], Tables.Empty(1).Update("A0 = i").Names());
        Assert.True(first.Describe().Schema.Span.SequenceEqual(Tables.Empty(1).Update("A0 = i").Describe().Schema.Span));
    }
}

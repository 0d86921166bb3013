namespace Wharf.Tables.Tests;

public sealed class MetadataOfColumnsAndTables
{
    [Fact]
    public void Sortable_columns_are_marked_and_others_are_not()
    {
        ArrowTable table = Tables.Empty(1).Update("A = 1", "S = `x`", "T = now()", "B = true", "I = new int[]{1}", "W = A_", "V = new boolean[]{true}");
        foreach (string name in new[] { "A", "S", "T", "B", "I", "W" })
            Assert.Equal("true", table.Field(name).Metadata["deephaven:isSortable"]);
        Assert.False(table.Field("V").Metadata.ContainsKey("deephaven:isSortable"));
    }

    [Fact]
    public void An_array_names_the_type_of_its_elements()
    {
        ArrowTable table = Tables.Empty(2).Update("X = i", "V = new int[]{1}", "W = X_", "S = new String[]{`a`}");
        Assert.Equal("int", table.Field("V").Metadata["deephaven:componentType"]);
        Assert.Equal("java.lang.String", table.Field("S").Metadata["deephaven:componentType"]);
        Assert.Equal("io.deephaven.vector.IntVector", table.Field("W").Metadata["deephaven:type"]);
        Assert.Equal("int", table.Field("W").Metadata["deephaven:componentType"]);
        Assert.False(table.Field("X").Metadata.ContainsKey("deephaven:componentType"));
    }

    [Fact]
    public void A_table_is_flat()
    {
        IReadOnlyDictionary<string, string> metadata = Tables.Empty(1).Schema.Metadata;
        Assert.Equal("true", metadata["deephaven:attribute.IsFlat"]);
        Assert.Equal("java.lang.Boolean", metadata["deephaven:attribute_type.IsFlat"]);
    }
}

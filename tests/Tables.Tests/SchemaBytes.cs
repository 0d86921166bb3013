using System.Buffers.Binary;
using Apache.Arrow;
using Apache.Arrow.Ipc;

namespace Wharf.Tables.Tests;

public sealed class SchemaBytes
{
    [Theory]
    [InlineData("")]
    [InlineData("A = i")]
    [InlineData("A = i;Bc = `x`")]
    [InlineData("Abc = 1.5;D = true;E = now()")]
    public void The_message_is_a_marker_the_unpadded_length_the_flatbuffer_and_zeros_up_to_eight(string formulas)
    {
        byte[] bytes = Tables.Empty(3).Update(formulas.Split(';', StringSplitOptions.RemoveEmptyEntries)).Describe().Schema.ToArray();

        Assert.Equal([0xFF, 0xFF, 0xFF, 0xFF], bytes[..4]);
        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4));
        Assert.Equal(0, bytes.Length % 8);
        Assert.InRange(bytes.Length - 8 - length, 0, 7);
        Assert.All(bytes[(8 + length)..], static padding => Assert.Equal(0, padding));

        // The flatbuffer begins with the place of its root table, which lies inside, as does the table's layout before or behind it.
        int root = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(8));
        Assert.InRange(root, 4, length - 4);
    }

    [Fact]
    public void Some_schema_needs_padding_so_that_the_unpadded_length_shows()
    {
        bool[] padded = [.. Enumerable.Range(1, 16).Select(static n =>
        {
            byte[] bytes = Tables.Empty(0).Update(new string('A', n) + " = i").Describe().Schema.ToArray();
            return BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4)) % 8 != 0;
        })];
        Assert.Contains(true, padded);
    }

    [Fact]
    public void An_Arrow_reader_reads_the_schema_from_the_message_alone()
    {
        ArrowTable table = Tables.Empty(2).Update("A = i", "B = `x`");
        using var reader = new ArrowStreamReader(new MemoryStream(table.Describe().Schema.ToArray()));
        Schema schema = reader.Schema;
        Assert.Equal(["A", "B"], schema.FieldsList.Select(static field => field.Name));
        Assert.Equal("int", schema.FieldsList[0].Metadata["deephaven:type"]);
        Assert.Equal("true", schema.Metadata["deephaven:attribute.IsFlat"]);
        Assert.Equal("java.lang.Boolean", schema.Metadata["deephaven:attribute_type.IsFlat"]);
    }

    [Fact]
    public void The_description_tells_the_size_and_that_the_table_is_static()
    {
        TableDescription description = Tables.Empty(1_000_000_000_000).Describe();
        Assert.Equal(1_000_000_000_000, description.Size);
        Assert.True(description.IsStatic);
    }
}

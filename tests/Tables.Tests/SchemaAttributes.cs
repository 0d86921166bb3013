using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables.Tests;

/// <summary>The schema of each operation's result, as recorded from the reference server.</summary>
public sealed class SchemaAttributes
{
    private const string Attribute = "deephaven:attribute.", AttributeType = "deephaven:attribute_type.", Unsent = "deephaven:unsent.attribute.";

    public static TheoryData<string, string> Recorded { get; } =
        new(GoldenTable.Load("table-attributes.json").EnumerateObject().Select(static entry => (entry.Name, entry.Value.GetString()!)));

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Attributes_follow_from_the_operations(string operations, string expected)
    {
        foreach (int rows in new[] { 0, 1, 3 })
            Assert.Equal(expected, Attributes(Make(operations, rows)));
    }

    [Fact]
    public void Attributes_are_the_same_whether_rows_were_dropped_or_not()
    {
        ArrowTable table = Upload(3);
        Assert.True(table.Where("I > 1").Describe().Schema.Span.SequenceEqual(table.Where("I > 0").Describe().Schema.Span));
        Assert.True(table.Where("I > 1").Describe().Schema.Span.SequenceEqual(table.Where("I > 9").Describe().Schema.Span));
        Assert.False(table.Describe().Schema.Span.SequenceEqual(table.Where("I > 0").Describe().Schema.Span));
    }

    [Fact]
    public void A_condition_tree_keeps_what_a_condition_text_keeps()
    {
        ArrowTable table = Upload(3);
        var condition = new NotCondition(new IsNullCondition("I"));
        Assert.Equal(Attributes(table.Where("I > 1")), Attributes(table.Where(condition)));
    }

    [Theory]
    [InlineData("java.lang.Integer", "5", "5:Integer")]
    [InlineData("java.lang.Long", "5", "5:Long")]
    [InlineData("java.lang.Boolean", "maybe", "false:Boolean")]
    [InlineData("java.lang.Double", "1.50", "1.5:Double")]
    [InlineData("java.lang.Float", "1.5", "1.5:Float")]
    [InlineData("java.lang.Character", "c", "c:Character")]
    [InlineData("java.lang.Byte", "7", "7:Byte")]
    [InlineData("java.lang.Short", "7", "7:Short")]
    [InlineData("no.such", "q", "q:String")]
    [InlineData("java.math.BigDecimal", "1.50", "1.50:String")]
    [InlineData("int", "5", "5:String")]
    [InlineData(null, "7", "7:String")]
    public void Uploaded_attributes_keep_their_type(string? type, string value, string expected) =>
        Assert.Contains("Foo=" + expected, Attributes(Upload(1, ("Foo", type, value))), StringComparison.Ordinal);

    [Theory]
    [InlineData("Foo", "java.lang.Integer", "x")]
    [InlineData("Foo", "java.lang.Byte", "128")]
    [InlineData("InputTable", "java.lang.String", "x")]
    [InlineData("ColumnDescriptions", "java.lang.String", "I=abc")]
    [InlineData("SortableColumns", "java.lang.String", "Missing")]
    public void Invalid_attributes_are_refused(string name, string type, string value) => Tables.Refused(() => Upload(1, (name, type, value)));

    [Theory]
    [InlineData("AddOnly", "where view0")]
    [InlineData("Immutable", "where view0 lazyUpdate updateView")]
    [InlineData("BlinkTable", "where view0")]
    [InlineData("SortedColumns", "where view0")]
    [InlineData("FilterableColumns", "where view0")]
    [InlineData("KeyColumns", "where view0 lazyUpdate updateView")]
    [InlineData("TableDescription", "where view0")]
    [InlineData("LayoutHints", "where view0 lazyUpdate updateView view")]
    [InlineData("Description", "where view0 lazyUpdate updateView")]
    [InlineData("EmptySourceTable", "where view0 lazyUpdate updateView view")]
    [InlineData("AggregationRowLookup", "view0")]
    [InlineData("PluginName", "where view0")]
    [InlineData("MergedTable", "view0 view")]
    [InlineData("SystemicTable", "")]
    [InlineData("Foo", "where view0 lazyUpdate updateView")]
    public void Operations_keep_the_attributes_that_the_reference_keeps(string name, string expected)
    {
        ArrowTable table = Upload(3, (name, "java.lang.String", "I=Ascending"));
        var kept = new List<string>();
        foreach ((string operation, ArrowTable made) in new[]
        {
            ("where", table.Where("I > 1")), ("view0", Run(table, SelectKind.View)), ("lazyUpdate", Run(table, SelectKind.LazyUpdate, "X = 1")),
            ("updateView", Run(table, SelectKind.UpdateView, "X = 1")), ("view", table.View("I")), ("update", table.Update("X = 1")),
            ("select", Run(table, SelectKind.Select, "I")),
        })
        {
            if (made.Schema.Metadata.ContainsKey(Attribute + name))
                kept.Add(operation);
        }

        Assert.Equal(expected, string.Join(" ", kept));
    }

    [Fact]
    public void Only_the_columns_that_an_attribute_names_are_sortable()
    {
        ArrowTable table = Upload(2, ("SortableColumns", "java.lang.String", "I"));
        string Sortable(ArrowTable made) =>
            string.Join(
                " ", made.Schema.FieldsList.Where(static field => field.Metadata.ContainsKey("deephaven:isSortable")).Select(static field => field.Name));

        Assert.Equal("I", Sortable(table));
        Assert.Equal("I", Sortable(table.Where("I > 0")));
        Assert.Equal("I", Sortable(table.Update("X = 1")));
        Assert.Equal("I S X", Sortable(Upload(2).Update("X = 1")));
    }

    [Fact]
    public void Field_metadata_comes_back_with_the_table_and_with_rows_of_it_and_not_with_formulas()
    {
        var metadata = new Dictionary<string, string>
        {
            ["unit"] = "metre", ["deephaven:description"] = "A length", ["deephaven:inputtable.isKey"] = "true", ["deephaven:isPartitioning"] = "true",
            ["deephaven:foo"] = "bar", ["ARROW:extension:name"] = "my.ext", ["ARROW:extension:metadata"] = "m",
        };
        var schema = new Schema([new Field("A", Int64Type.Default, nullable: false, metadata), new Field("B", Int64Type.Default, true)], null);
        IArrowArray array = new Int64Array.Builder().Append(1).Append(2).Build();
        ArrowTable table = ArrowTable.FromBatches(schema, [new RecordBatch(schema, [array, array], 2)]);
        var full = new Dictionary<string, string>(metadata) { ["deephaven:type"] = "long", ["deephaven:isSortable"] = "true" };

        foreach (ArrowTable kept in new[] { table, table.Where("A > 1"), table.Where("A > 0"), Run(table, SelectKind.View) })
        {
            (Schema sent, _) = Tables.OverTheWire(kept);
            Assert.Equal(full.OrderBy(static entry => entry.Key), sent.GetFieldByName("A").Metadata.OrderBy(static entry => entry.Key));
            Assert.False(sent.GetFieldByName("A").IsNullable);
            Assert.True(sent.GetFieldByName("B").IsNullable);
        }

        foreach (ArrowTable made in new[] { table.View("A"), table.Update("X = 1"), Distinct(table, "A") })
        {
            Assert.Equal(["deephaven:isSortable", "deephaven:type"], made.Field("A").Metadata.Keys.Order());
            Assert.True(made.Field("A").IsNullable);
        }
    }

    [Fact]
    public void Sortability_that_was_uploaded_is_kept() =>
        Assert.Equal("false", Upload(1, [], new() { ["deephaven:isSortable"] = "false" }).Where("I > 0").Field("I").Metadata["deephaven:isSortable"]);

    [Fact]
    public void A_table_of_another_node_has_the_schema_that_it_has_there()
    {
        foreach (ArrowTable table in new[] { Upload(3), Upload(3).Where("I > 1"), Upload(3).Where("I > 1").View("I"), Tables.Empty(2).Update("I = i"), Distinct(Upload(3), "I") })
        {
            (Schema schema, List<RecordBatch> batches) = Tables.OverTheWire(table);
            ArrowTable fetched = ArrowTable.FromNode(schema, batches);
            Assert.Equal(Attributes(table), Attributes(fetched));
            Assert.Equal(table.Field("I").Metadata.OrderBy(static entry => entry.Key), fetched.Field("I").Metadata.OrderBy(static entry => entry.Key));
        }
    }

    [Fact]
    public void The_elements_of_a_computed_list_have_no_name()
    {
        ArrowTable table = Tables.Empty(1).Update("L = new int[]{1}");
        Assert.Equal("", ((ListType)table.Field("L").DataType).ValueField.Name);
        Assert.Equal("", ((ListType)Tables.OverTheWire(table).Schema.GetFieldByName("L").DataType).ValueField.Name);
        Assert.Equal("", ((ListType)Tables.OverTheWire(table.Where("ii >= 0")).Batches[0].Column(0).Data.DataType).ValueField.Name);
    }

    [Fact]
    public void The_elements_of_an_uploaded_list_keep_their_name_in_rows_and_lose_it_in_formulas()
    {
        var type = new ListType(new Field("item", new ListType(new Field("inner", Int32Type.Default, false)), true));
        ArrowTable table = Tables.Upload("L", new RandomArrays(new Random(5)).Of(type, 5));
        static string Elements(ArrowTable made, string name) =>
            Tables.OverTheWire(made).Schema.GetFieldByName(name).DataType is ListType { ValueField: var outer }
                && outer.DataType is ListType { ValueField: var inner }
                ? $"{outer.Name} {outer.IsNullable} {inner.Name} {inner.IsNullable}"
                : "";

        Assert.Equal("item True inner False", Elements(table, "L"));
        Assert.Equal("item True inner False", Elements(table.Where("ii > 2"), "L"));
        Assert.Equal(" True  True", Elements(table.View("M = L"), "M"));
        Assert.Equal(" True  True", Elements(table.Update("X = 1"), "L"));
        Assert.Equal(" True  True", Elements(table.Where("ii > 2").View("L"), "L"));
    }

    private static ArrowTable Make(string operations, int rows)
    {
        ArrowTable? table = null;
        foreach (string operation in operations.Split(' '))
        {
            table = operation switch
            {
                "upload" => Upload(rows),
                "empty" => Tables.Empty(rows),
                "make" => table!.Update("I = ii", "S = `a`"),
                "where" => table!.Where("I > 1"),
                "whereAny" => table!.Where("ii > 1"),
                "distinct" => Distinct(table!, "I"),
                "distinct2" => Distinct(table!, "I", "S"),
                "distinctNone" => Distinct(table!),
                "view" => table!.View("I"),
                "view2" => table!.View("I", "S"),
                "viewX" => table!.View("X = I + 1"),
                "select" => Run(table!, SelectKind.Select, "I"),
                "select2" => Run(table!, SelectKind.Select, "I", "S"),
                "selectX" => Run(table!, SelectKind.Select, "X"),
                "selectX1" => Run(table!, SelectKind.Select, "X = 1"),
                "selectY" => Run(table!, SelectKind.Select, "Y"),
                "selectZ" => Run(table!, SelectKind.Select, "Z = Y + 1"),
                "selectYZ" => Run(table!, SelectKind.Select, "Y", "Z = I"),
                "update" => table!.Update("X = 1"),
                "updateY" => table!.Update("Y = 2"),
                "updateYI" => table!.Update("Y = I + 1"),
                "updateView" => Run(table!, SelectKind.UpdateView, "X = 1"),
                "updateViewY" => Run(table!, SelectKind.UpdateView, "Y = 2"),
                "lazyUpdate" => Run(table!, SelectKind.LazyUpdate, "X = 1"),
                "viewNone" => Run(table!, SelectKind.View),
                "updateViewNone" => Run(table!, SelectKind.UpdateView),
                "lazyUpdateNone" => Run(table!, SelectKind.LazyUpdate),
                "updateNone" => Run(table!, SelectKind.Update),
                "selectNone" => Run(table!, SelectKind.Select),
                _ => throw new ArgumentException(operation, nameof(operations)),
            };
        }

        return table!;
    }

    private static string Attributes(ArrowTable table)
    {
        IReadOnlyDictionary<string, string> metadata = table.Schema.Metadata ?? new Dictionary<string, string>();
        IEnumerable<string> sent = metadata.Where(static entry => entry.Key.StartsWith(Attribute, StringComparison.Ordinal))
            .Select(entry => $"{entry.Key[Attribute.Length..]}={entry.Value}:{metadata[AttributeType + entry.Key[Attribute.Length..]].Split('.')[^1]}");
        IEnumerable<string> unsent = metadata.Keys.Where(static key => key.StartsWith(Unsent, StringComparison.Ordinal))
            .Select(static key => "~" + key[Unsent.Length..]);
        return string.Join(" ", sent.Order(StringComparer.Ordinal).Concat(unsent));
    }

    private static ArrowTable Run(ArrowTable table, SelectKind kind, params string[] formulas) =>
        Tables.Engine().Run(new SelectOrUpdate(kind, formulas), [table], default);

    private static ArrowTable Distinct(ArrowTable table, params string[] columns) => Tables.Engine().Run(new SelectDistinct(columns), [table], default);

    private static ArrowTable Upload(int rows) => Upload(rows, ("Foo", "java.lang.String", "v"));

    private static ArrowTable Upload(int rows, params (string Name, string? Type, string Value)[] attributes) => Upload(rows, attributes, null);

    private static ArrowTable Upload(int rows, (string Name, string? Type, string Value)[] attributes, Dictionary<string, string>? fieldMetadata)
    {
        var metadata = new Dictionary<string, string> { ["mine"] = "yours", ["deephaven:foo"] = "x", ["deephaven:tableMetadata"] = "AA==" };
        foreach ((string name, string? type, string value) in attributes)
        {
            metadata[Attribute + name] = value;
            if (type is not null)
                metadata[AttributeType + name] = type;
        }

        var schema = new Schema([new Field("I", Int64Type.Default, true, fieldMetadata), new Field("S", StringType.Default, true)], metadata);
        var batch = new RecordBatch(
            schema,
            [new Int64Array.Builder().AppendRange(Enumerable.Range(1, rows).Select(static n => (long)n)).Build(), new StringArray.Builder().AppendRange(Enumerable.Repeat("a", rows)).Build()],
            rows);
        return ArrowTable.FromBatches(schema, [batch]);
    }
}

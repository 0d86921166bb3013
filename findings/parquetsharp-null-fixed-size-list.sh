#!/usr/bin/env bash
# ParquetSharp 25.0.1.2: FileReader does not read a nullable fixed_size_list column with a null row that FileWriter wrote.
#
# Expected: A file that is written with StoreSchema restores the Arrow types and values of its columns when it is read.
#   Source: Arrow C++ documentation, "Reading and writing Parquet files", "Roundtripping Arrow types and schema".
#   ParquetSharp wraps this library (ParquetSharp guide "Working with Arrow Data").
# Seen: The writer writes the file without an error, and the reader throws. The Parquet file has no items for a null row.
#   The reader of fixed-size lists requires the fixed number of items for each row. This is apache/arrow issue 35692.
#   Its fix, apache/arrow pull request 50271, is not in this release.
# Consequence: The data can be read only as a variable-size list. Write without StoreSchema when a fixed_size_list column
#   can have null rows.
#
# Output:
#   StoreSchema, no null row: read 3 rows, 0 null, as FixedSizeListType
#   no StoreSchema, one null row: read 3 rows, 1 null, as ListType
#   StoreSchema, one null row: Exception: Invalid: Expected all lists to be of size=2 but index 3 had size=0
#   as recorded
set -euo pipefail

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir "$work/tmp"
cd "$work"
export TMPDIR="$work/tmp" NUGET_PACKAGES="$work/packages" MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
for name in Directory.Build.props Directory.Build.targets Directory.Packages.props; do echo '<Project />' >"$name"; done

cat >Finding.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="ParquetSharp" Version="[25.0.1.2]" />
  </ItemGroup>
</Project>
XML

cat >Program.cs <<'CSHARP'
using Apache.Arrow;
using Apache.Arrow.Types;
using ParquetSharp.Arrow;

var type = new FixedSizeListType(new Field("item", Int32Type.Default, nullable: true), listSize: 2);
var schema = new Schema([new Field("points", type, nullable: true)], metadata: null);

var unchanged = await ReadsBack(storeSchema: true, nullRow: false)
    & await ReadsBack(storeSchema: false, nullRow: true)
    & !await ReadsBack(storeSchema: true, nullRow: true);
Console.WriteLine(unchanged ? "as recorded" : "changed");
return unchanged ? 0 : 1;

async Task<bool> ReadsBack(bool storeSchema, bool nullRow)
{
    var title = $"{(storeSchema ? "StoreSchema" : "no StoreSchema")}, {(nullRow ? "one" : "no")} null row";
    var bytes = new MemoryStream();
    using (var builder = new ArrowWriterPropertiesBuilder())
    {
        if (storeSchema)
        {
            builder.StoreSchema();
        }

        using var properties = builder.Build();
        using var writer = new FileWriter(bytes, schema, arrowProperties: properties, leaveOpen: true);
        writer.WriteRecordBatch(Batch(nullRow));
        writer.Close();
    }

    bytes.Position = 0;
    try
    {
        using var reader = new FileReader(bytes, leaveOpen: true);
        using var batches = reader.GetRecordBatchReader();
        using var batch = await batches.ReadNextRecordBatchAsync();
        var column = batch.Column(0);
        Console.WriteLine($"{title}: read {batch.Length} rows, {column.NullCount} null, as {column.Data.DataType.GetType().Name}");
        return true;
    }
    catch (Exception exception)
    {
        Console.WriteLine($"{title}: {exception.GetType().Name}: {exception.Message}");
        return false;
    }
}

// Three rows: [1, 2], [3, 4], and [5, 6] or null.
RecordBatch Batch(bool nullRow)
{
    var items = new Int32Array.Builder().AppendRange([1, 2, 3, 4, 5, 6]).Build();
    var validity = new ArrowBuffer.BitmapBuilder().Append(true).Append(true).Append(!nullRow).Build();
    var data = new ArrayData(type, length: 3, nullCount: nullRow ? 1 : 0, offset: 0, [validity], [items.Data]);
    return new RecordBatch(schema, [new FixedSizeListArray(data)], length: 3);
}
CSHARP

dotnet build Finding.csproj --configuration Release --output out --verbosity quiet >build.log || { cat build.log; exit 2; }
dotnet out/Finding.dll

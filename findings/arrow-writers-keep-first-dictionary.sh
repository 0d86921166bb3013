#!/usr/bin/env bash
# Apache.Arrow 23.0.0 (C#): the IPC writers write only the first dictionary of a column, so later batches change their values.
#
# Expected: In the IPC stream format, a later dictionary batch with the same id replaces the dictionary. A writer
#   therefore writes the new dictionary before the batch that uses it. In the IPC file format, replacement is not
#   supported, so a writer raises an error.
#   Source: Arrow columnar format, "Dictionary Messages" and "IPC File Format". Arrow C++ follows it: apache/arrow pull
#   request 8302. Arrow Java was fixed by apache/arrow pull request 35920.
# Seen: ArrowStreamWriter and ArrowFileWriter write the dictionary of the first batch and the indices of all batches. No
#   error is raised. The values of the second dictionary are not in the output, so no reader can restore them.
# Consequence: One writer silently corrupts batches of different sources with dictionary columns. Batches must share one
#   dictionary, or the columns must be decoded before they are written.
#
# Output:
#   stream, batch 1: wrote red, green; read red, green
#   stream, batch 2: wrote blue, black; read red, green
#   stream contains the text "blue": False
#   file, batch 1: wrote red, green; read red, green
#   file, batch 2: wrote blue, black; read red, green
#   file contains the text "blue": False
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
    <PackageReference Include="Apache.Arrow" Version="[23.0.0]" />
  </ItemGroup>
</Project>
XML

cat >Program.cs <<'CSHARP'
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;

var type = new DictionaryType(Int32Type.Default, StringType.Default, ordered: false);
var schema = new Schema([new Field("color", type, nullable: false)], metadata: null);
string[][] written = [["red", "green"], ["blue", "black"]];

var unchanged = true;
foreach (var format in new[] { "stream", "file" })
{
    var bytes = new MemoryStream();
    using (var writer = format == "file"
        ? new ArrowFileWriter(bytes, schema, leaveOpen: true)
        : new ArrowStreamWriter(bytes, schema, leaveOpen: true))
    {
        foreach (var values in written)
        {
            await writer.WriteRecordBatchAsync(Batch(values));
        }

        await writer.WriteEndAsync();
    }

    bytes.Position = 0;
    using var reader = format == "file" ? new ArrowFileReader(bytes, leaveOpen: true) : new ArrowStreamReader(bytes, leaveOpen: true);
    for (var number = 0; number < written.Length; number++)
    {
        var read = Values(await reader.ReadNextRecordBatchAsync());
        Console.WriteLine($"{format}, batch {number + 1}: wrote {string.Join(", ", written[number])}; read {string.Join(", ", read)}");
        unchanged &= read.SequenceEqual(written[0]);
    }

    var contains = bytes.ToArray().AsSpan().IndexOf("blue"u8) >= 0;
    Console.WriteLine($"{format} contains the text \"blue\": {contains}");
    unchanged &= !contains;
}

Console.WriteLine(unchanged ? "as recorded" : "changed");
return unchanged ? 0 : 1;

RecordBatch Batch(string[] values) => new(
    schema,
    [
        new DictionaryArray(
            type,
            new Int32Array.Builder().AppendRange(Enumerable.Range(0, values.Length)).Build(),
            new StringArray.Builder().AppendRange(values).Build()),
    ],
    values.Length);

static string[] Values(RecordBatch batch)
{
    var column = (DictionaryArray)batch.Column(0);
    var indices = (Int32Array)column.Indices;
    var dictionary = (StringArray)column.Dictionary;
    return [.. Enumerable.Range(0, batch.Length).Select(row => dictionary.GetString(indices.GetValue(row)!.Value))];
}
CSHARP

dotnet build Finding.csproj --configuration Release --output out --verbosity quiet >build.log || { cat build.log; exit 2; }
dotnet out/Finding.dll

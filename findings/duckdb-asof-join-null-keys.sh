#!/usr/bin/env bash
# DuckDB 1.5.6 (DuckDB.NET.Data.Full 1.5.6.1): ASOF JOIN does not match null keys that are compared by IS NOT DISTINCT FROM.
#
# Expected: IS NOT DISTINCT FROM is true for two nulls. ASOF JOIN matches a row with a null key to the latest earlier row
#   with a null key, or it rejects the condition. JOIN with the same condition matches such rows.
#   Source: DuckDB documentation, "Comparison Operators" (IS NOT DISTINCT FROM) and "FROM and JOIN Clauses" (ASOF joins).
# Seen: ASOF JOIN accepts the condition, and its plan contains it. The row with the null key is missing from the result,
#   and ASOF LEFT JOIN returns it without a match. This is duckdb/duckdb issue 23933. Its fix, duckdb/duckdb pull
#   request 24199, is not in this release.
# Consequence: Rows with null keys are silently lost or unmatched. Join by expressions that are not null, for example
#   coalesce(key, '') together with key IS NULL.
#
# Output:
#   JOIN: a=1.5, null=2.5
#   ASOF JOIN: a=1.5
#   ASOF LEFT JOIN: a=1.5, null=null
#   ASOF JOIN by expressions that are not null: a=1.5, null=2.5
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
    <PackageReference Include="DuckDB.NET.Data.Full" Version="[1.5.6.1]" />
  </ItemGroup>
</Project>
XML

cat >Program.cs <<'CSHARP'
using DuckDB.NET.Data;

using var connection = new DuckDBConnection("Data Source=:memory:");
connection.Open();
using (var create = connection.CreateCommand())
{
    create.CommandText = """
        create table trades as select * from (values ('a', 10), (null, 10)) t(key, time);
        create table quotes as select * from (values ('a', 5, '1.5'), (null, 5, '2.5')) t(key, time, price);
        """;
    create.ExecuteNonQuery();
}

const string NullSafe = "trades.key is not distinct from quotes.key";
const string NotNull = "coalesce(trades.key, '') = coalesce(quotes.key, '') and (trades.key is null) = (quotes.key is null)";

var join = Show("JOIN", "join", NullSafe);
var asof = Show("ASOF JOIN", "asof join", NullSafe);
var asofLeft = Show("ASOF LEFT JOIN", "asof left join", NullSafe);
var expressions = Show("ASOF JOIN by expressions that are not null", "asof join", NotNull);

var unchanged = join == "a=1.5, null=2.5" && asof == "a=1.5" && asofLeft == "a=1.5, null=null" && expressions == join;
Console.WriteLine(unchanged ? "as recorded" : "changed");
return unchanged ? 0 : 1;

string Show(string title, string join, string keys)
{
    using var query = connection.CreateCommand();
    query.CommandText = $"""
        select coalesce(trades.key, 'null'), coalesce(price, 'null')
        from trades {join} quotes on {keys} and trades.time >= quotes.time
        order by 1
        """;
    using var reader = query.ExecuteReader();
    var rows = new List<string>();
    while (reader.Read())
    {
        rows.Add($"{reader.GetString(0)}={reader.GetString(1)}");
    }

    var result = string.Join(", ", rows);
    Console.WriteLine($"{title}: {result}");
    return result;
}
CSHARP

dotnet build Finding.csproj --configuration Release --output out --verbosity quiet >build.log || { cat build.log; exit 2; }
dotnet out/Finding.dll

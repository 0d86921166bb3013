#!/usr/bin/env bash
# .NET SDK 10.0.401: with Microsoft.Testing.Platform, `dotnet test` of a solution ignores the environment variable Configuration.
#
# Expected: Environment variables are properties of MSBuild. With Configuration=Release, `dotnet build` and `dotnet test`
#   both use the output of the Release configuration, as `dotnet test --project` does.
#   Source: MSBuild documentation, "Use environment variables in a build".
# Seen: `dotnet build` of the solution writes bin/Release. `dotnet test` of the same solution starts the test program in
#   bin/Debug, which does not exist, and fails with zero tests. The option --configuration Release avoids it. This is
#   dotnet/sdk issue 52358, a regression since 10.0.101.
# Consequence: A build pipeline that selects the configuration by the variable fails. If an old Debug build exists,
#   `dotnet test` runs that one. Pass --configuration to every command.
#
# Output:
#   dotnet build of the solution: exit code 0, wrote bin/Release
#   dotnet test of the project: exit code 0, succeeded: 1
#   dotnet test of the solution: exit code 1, succeeded: 0, program bin/Debug
#   dotnet test of the solution with --configuration Release: exit code 0, succeeded: 1
#   as recorded
set -euo pipefail

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir "$work/tmp"
cd "$work"
export TMPDIR="$work/tmp" NUGET_PACKAGES="$work/packages" MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
export Configuration=Release
for name in Directory.Build.props Directory.Build.targets Directory.Packages.props; do echo '<Project />' >"$name"; done

sdk=10.0.401
dotnet --list-sdks | grep -q "^$sdk " || { echo "This script needs the .NET SDK $sdk."; exit 2; }
cat >global.json <<JSON
{ "sdk": { "version": "$sdk", "rollForward": "disable" }, "test": { "runner": "Microsoft.Testing.Platform" } }
JSON

cat >Sample.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="xunit.v3.mtp-v2" Version="[4.0.2]" />
  </ItemGroup>
</Project>
XML

cat >SampleTests.cs <<'CSHARP'
public sealed class SampleTests
{
    [Xunit.Fact]
    public void Passes()
    {
    }
}
CSHARP

cat >Sample.slnx <<'XML'
<Solution>
  <Project Path="Sample.csproj" />
</Solution>
XML

# Runs the tests without a build and prints the exit code, the number of passed tests, and the folder of a program that did not start.
test_result() {
  local code=0 succeeded folder
  dotnet test --no-build "$@" >test.log 2>&1 || code=$?
  succeeded="$(grep -o 'succeeded: [0-9]*' test.log | head -n 1)"
  folder="$(grep -o "RunCommand '[^']*" test.log | grep -o 'bin/[A-Za-z]*' | head -n 1 || true)"
  echo "exit code $code, $succeeded${folder:+, program $folder}"
}

dotnet build Sample.slnx --verbosity quiet >build.log || { cat build.log; exit 2; }
actual="dotnet build of the solution: exit code 0, wrote $(echo bin/*)
dotnet test of the project: $(test_result --project Sample.csproj)
dotnet test of the solution: $(test_result --solution Sample.slnx)
dotnet test of the solution with --configuration Release: $(test_result --solution Sample.slnx --configuration Release)"
echo "$actual"

expected="dotnet build of the solution: exit code 0, wrote bin/Release
dotnet test of the project: exit code 0, succeeded: 1
dotnet test of the solution: exit code 1, succeeded: 0, program bin/Debug
dotnet test of the solution with --configuration Release: exit code 0, succeeded: 1"
if [[ "$actual" != "$expected" ]]; then
  echo changed
  exit 1
fi

echo "as recorded"

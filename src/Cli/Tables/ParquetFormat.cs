using Apache.Arrow;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace Wharf.Cli.Tables;

/// <summary>Writes Parquet files that contain the Arrow schema, so that readers restore its types.</summary>
internal static class ParquetFormat
{
    public static FileWriter Create(Stream stream, Schema schema)
    {
        using var builder = new ArrowWriterPropertiesBuilder();
        using var properties = builder.StoreSchema().Build();
        return new FileWriter(stream, schema, arrowProperties: properties, leaveOpen: true);
    }

    /// <summary>Returns whether the Parquet library supports the type of a column.</summary>
    public static bool Has(Field column)
    {
        using var nowhere = new MemoryStream();
        try
        {
            using var writer = Create(nowhere, new Schema([column], []));
            writer.Close();
            return true;
        }
        catch (Exception unsupported) when (unsupported is ParquetException or NotSupportedException or NotImplementedException or InvalidOperationException)
        {
            return false;
        }
    }
}

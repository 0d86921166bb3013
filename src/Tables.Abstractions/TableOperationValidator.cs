namespace Wharf.Tables;

/// <summary>Checks what can be said of an operation before any table is there, so that the border can refuse it at once.</summary>
public static class TableOperationValidator
{
    /// <summary>Refuses an operation that no table could satisfy.</summary>
    /// <param name="operation">The operation.</param>
    /// <exception cref="TableException">The operation is wrong in itself.</exception>
    public static void Validate(TableOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        switch (operation)
        {
            case EmptyTable { Size: < 0 } empty:
                throw new TableException(TableError.InvalidArgument, $"the size of a table must be >= 0 (found: {empty.Size})");
            case SelectOrUpdate select when !Enum.IsDefined(select.Kind):
                throw new TableException(TableError.InvalidArgument, $"{(int)select.Kind} is not a kind of select or update");
            case SelectOrUpdate { Columns: null } or SelectOrUpdate { Parameters: null } or SelectDistinct { Columns: null }:
                throw new TableException(TableError.InvalidArgument, "the list of columns is missing");
            case UnstructuredFilter { Conditions: null } or UnstructuredFilter { Parameters: null } or Filter { Conditions: null }:
                throw new TableException(TableError.InvalidArgument, "the list of conditions is missing");
        }
    }
}

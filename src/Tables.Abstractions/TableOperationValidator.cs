namespace Wharf.Tables;

/// <summary>Checks an operation without its input tables, so that the gateway can reject it immediately.</summary>
public static class TableOperationValidator
{
    /// <summary>Throws if the operation is invalid for every table.</summary>
    /// <param name="operation">The operation.</param>
    /// <exception cref="TableException">The operation is invalid.</exception>
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
                throw new TableException(TableError.InvalidArgument, "the list of columns is null");
            case UnstructuredFilter { Conditions: null } or UnstructuredFilter { Parameters: null } or Filter { Conditions: null }:
                throw new TableException(TableError.InvalidArgument, "the list of conditions is null");
        }
    }
}
